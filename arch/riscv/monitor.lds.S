/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image: linked at 0, runs anywhere. Code, constants and data have separate
 * pages. .bss is part of the file, because the firmware follows the monitor in
 * the image.
 */
#include <arch/home.h>

OUTPUT_ARCH(riscv)
ENTRY(image_start)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = 0;
	.text : {
		image_start = .;
		KEEP(*(.header))
		/* struct image_header from 0x10 on */
		QUAD(image_end - image_start)
		QUAD(image_end - image_start)
		QUAD(0) QUAD(0) QUAD(0) QUAD(0)
		KEEP(*(.header.board))
		QUAD(0)
		KEEP(*(.text.boot))
		*(.text.unpriv)
		/*
		 * The fast paths reach the vector with branches, and compute
		 * the home from their own address.
		 */
		*(.text.fast_firmware)
		*(.text.vector)
		*(.text.fast)
		fast_end = .;
		*(EXCLUDE_FILE(*unpriv.o) .text EXCLUDE_FILE(*unpriv.o) .text.*)
		*(.text.unpriv_far)
		*(.text .text.*)
	} :text
	. = ALIGN(4096);
	text_end = .;

	.rodata : {
		*(.rodata .rodata.* .srodata .srodata.*)
		. = ALIGN(4);
		fixup_start = .;
		KEEP(*(.fixup))
		fixup_end = .;
	} :rodata
	.rela.dyn : {
		rela_start = .;
		*(.rela .rela.*)
		rela_end = .;
	} :rodata
	. = ALIGN(4096);
	rodata_end = .;

	.data : {
		*(.data .data.* .sdata .sdata.*)
#include "../../core/tables.lds"
		*(.got .got.plt)
		. = ALIGN(16);
		*(.bss .bss.* .sbss .sbss.* COMMON)
		. = ALIGN(4096);
		image_end = .;
	} :data

	/* For debuggers, in no segment. Any other section is a link error. */
	.debug_info 0 : { *(.debug_info) }
	.debug_abbrev 0 : { *(.debug_abbrev) }
	.debug_aranges 0 : { *(.debug_aranges) }
	.debug_line 0 : { *(.debug_line) }
	.debug_line_str 0 : { *(.debug_line_str) }
	.debug_str 0 : { *(.debug_str) }
	.debug_str_offsets 0 : { *(.debug_str_offsets) }
	.debug_addr 0 : { *(.debug_addr) }
	.debug_loc 0 : { *(.debug_loc) }
	.debug_loclists 0 : { *(.debug_loclists) }
	.debug_ranges 0 : { *(.debug_ranges) }
	.debug_rnglists 0 : { *(.debug_rnglists) }
	.debug_macro 0 : { *(.debug_macro) }
	.debug_names 0 : { *(.debug_names) }
	.debug_frame 0 : { *(.debug_frame) }
	.symtab 0 : { *(.symtab) }
	.strtab 0 : { *(.strtab) }
	.shstrtab 0 : { *(.shstrtab) }

	ASSERT(window_start / 4096 == (window_end - 1) / 4096,
	       "the windows of unpriv.S are not on one page")
	ASSERT(window_far_start - window_start > 3 * 4096,
	       "the copies of the windows of unpriv.S are too close")
	ASSERT((fixup_end - fixup_start) % 12 == 0, "a FIXUP (arch/asm.h) is not one")
	ASSERT(fast_end < HOME_BELOW,
	       "the fast paths are too far from the start: arch/home.h")
	ASSERT(image_end < (1 << HOME_BITS) / 2 - HOME_BELOW,
	       "the image is too large: arch/home.h")

	/DISCARD/ : {
		*(.interp .plt .iplt .dynbss .dynamic .dynsym .dynstr .hash .gnu.hash .gnu.version*)
		*(.comment .note .note.* .eh_frame .eh_frame_hdr .riscv.attributes)
	}
}
