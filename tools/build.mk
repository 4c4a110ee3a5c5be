# SPDX-License-Identifier: BSD-2-Clause
# The build itself, included by the Makefile once there is a configuration.

inc := $(O)/include
gen := $(inc)/generated

# kconf's output. It runs when .config or a Kconfig file is newer, and also when such
# files appear or disappear, which timestamps do not show.
kconfig-files := $(sort Kconfig tools/kconfig/kconf \
	$(wildcard $(foreach d,. $(external-dirs),\
		$(addprefix $d/,*/Kconfig* */*/Kconfig* */*/*/Kconfig*))))
-include $(inc)/config/files.mk
$(inc)/config/auto.mk: $(O)/.config $(kconfig-files) \
		$(if $(filter $(kconfig-files-then),$(subst $(space),|,$(kconfig-files))),,FORCE)
	$(make-build-folder)
	$(call say,GEN,$(gen)/autoconf.h)
	@mkdir -p $(@D)
	$(Q)$(kconf) sync
	@echo 'kconfig-files-then := $(subst $(space),|,$(kconfig-files))' >$(@D)/files.mk
include $(inc)/config/auto.mk

##
## Tools
##

CROSS_COMPILE ?= riscv64-linux-gnu-
ifeq ($(LLVM),)
CC := $(CROSS_COMPILE)gcc
LD := $(CROSS_COMPILE)ld
OBJCOPY := $(CROSS_COMPILE)objcopy
READELF := $(CROSS_COMPILE)readelf
else
# LLVM=1, or LLVM=-15 for tools with that suffix.
llvm-suffix := $(filter -%,$(LLVM))
CC := clang$(llvm-suffix)
LD := ld.lld$(llvm-suffix)
OBJCOPY := llvm-objcopy$(llvm-suffix)
READELF := llvm-readelf$(llvm-suffix)
endif
$(foreach tool,$(CC) $(LD) $(OBJCOPY) $(READELF),$(if $(shell command -v $(tool)),,\
	$(error $(tool) is missing: $(strip \
		$(if $(llvm-suffix)$(filter-out file,$(if $(LLVM),file,$(origin CROSS_COMPILE))),\
		is $(if $(LLVM),LLVM=$(LLVM),CROSS_COMPILE=$(CROSS_COMPILE)) right?,\
		run tools/setup --for $(if $(LLVM),llvm,build))))))

cc-version := $(shell $(CC) --version | head -n 1)
cc-target := $(if $(LLVM),--target=riscv64-unknown-elf)
# $(call cc-option,<flags>,<otherwise>)
cc-option = $(shell if $(CC) $(cc-target) -mabi=lp64 -Werror $(1) \
		-c -x c /dev/null -o /dev/null 2>/dev/null; \
	then echo '$(1)'; else echo '$(2)'; fi)

##
## Flags
##

march := $(call cc-option,-march=rv64imac_zicsr_zifencei,-march=rv64imac)
machine-flags := $(cc-target) $(march) -mabi=lp64 -mcmodel=medany $(call cc-option,-mstrict-align)
ifeq ($(LLVM),)
# gp belongs to the guest while the monitor runs.
machine-flags += -msmall-data-limit=0
else ifneq ($(filter -mno-relax,$(shell $(LD) --version | awk '{ for (i = 1; i < NF; i++) \
		if ($$i == "LLD" && $$(i + 1) + 0 < 15) print "-mno-relax" }')),)
# LLD before 15 does not support relaxation.
machine-flags += -mno-relax
endif

warnings := -Wall -Wextra -Werror -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes \
	-Wmissing-declarations -Wredundant-decls -Wold-style-definition -Wnested-externs -Wvla \
	-Wimplicit-fallthrough -Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings \
	-Wtype-limits -Wformat=2 -Wdate-time -Wconversion -Wsign-conversion \
	-Wframe-larger-than=$(if $(CONFIG_VERIFY),7168,2560)
ifeq ($(LLVM),)
warnings += -Wlogical-op -Wduplicated-cond -Wnull-dereference
endif
ifeq ($(W),1)
# Warnings, not errors: expanded tables leave macros unused.
warnings += -Wunused-macros -Wswitch-enum -Wno-error=unused-macros -Wno-error=switch-enum
endif

# Reproducible builds, wherever the sources, the build and EXTERNAL= folders are.
prefix-map := -ffile-prefix-map=$(CURDIR)=. $(addsuffix =build,$(addprefix \
	-ffile-prefix-map=,$(sort $(O) $(abspath $(O))))) \
	-ffile-prefix-map=$(THIRD_PARTY)=third_party \
	$(foreach n,$(external-names),-ffile-prefix-map=$(call external-dir,$n)=external/$n)
# Clang does not map the compilation folder of assembly files.
prefix-map += $(if $(LLVM),-ffile-compilation-dir=.)

includes := -nostdinc -Icore/include -Iarch/riscv/include -Idrivers/include -I$(inc) \
	-Icore/include/compat -isystem $(THIRD_PARTY)/libfdt \
	-isystem $(shell $(CC) $(cc-target) -print-file-name=include)

common-flags := $(machine-flags) $(includes) $(prefix-map) $(if $(CONFIG_DEBUG_INFO),-g) \
	-include $(gen)/autoconf.h -include core/include/cordon/kconfig.h -Wa,--fatal-warnings

optimise := $(if $(CONFIG_CC_OPTIMIZE_FOR_SIZE),-Os,-O2)
CFLAGS := -std=gnu11 $(optimise) -ffreestanding -fno-common \
	-fno-strict-aliasing -fno-stack-protector -fno-asynchronous-unwind-tables \
	-ffunction-sections -fdata-sections -fpie -fvisibility=hidden \
	-include core/include/cordon/hidden.h
# Assembly uses lla, which is pc-relative. In position-independent mode plain la would
# load from a global offset table.
AFLAGS := -fno-pie
ifneq ($(LLVM),)
# Use GCC's limit. Clang's 10 % would make 13 KiB of jump tables for the CSR table.
density := -mllvm -jump-table-density=40
CFLAGS += $(density)
endif
ifdef CONFIG_LTO
ifeq ($(LLVM),)
lto := -flto -flto-partition=one -fno-fat-lto-objects
else
lto := -flto
endif
endif
third-party-flags := -w

ldflags := -pie --no-dynamic-linker -z text -z max-page-size=4096 -z noexecstack \
	--build-id=none --hash-style=gnu --gc-sections --fatal-warnings --orphan-handling=error \
	$(density)
lds := $(O)/arch/riscv/monitor.lds

# GCC compiles again at link time and needs the flags; LLD has its own.
ifeq ($(LLVM),)
link-cflags := $(CFLAGS) $(prefix-map) $(if $(CONFIG_DEBUG_INFO),-g) $(warnings)
else
link-cflags := $(optimise) -fuse-ld=$(LD:ld.%=%)
endif

##
## Objects
##

objects :=
offsets :=
# $(call add-folder,<folder>,<prefix in O>)
define add-folder
obj-y :=
offsets-y :=
include $(1)/Makefile
objects += $$(addprefix $(O)/$(2)/,$$(obj-y))
offsets += $$(addprefix $(O)/$(2)/,$$(offsets-y:=.s))

endef

# $(call folders,<files>): the folders they are in
folders = $(patsubst %/,%,$(dir $(1)))
# $(call in-external,<files>): <file in EXTERNAL=> becomes external/<name>/<file>
in-external = $(foreach n,$(external-names),$(patsubst \
	$(call external-dir,$n)/%,external/$n/%,$(filter $(call external-dir,$n)/%,$(1))))
# Like in-external, for files that may also be in the tree, as ./<file>
in-build = $(addprefix $(O)/,$(patsubst ./%,%,$(filter ./%,$(1))) $(call in-external,$(1)))

include core/Makefile
$(foreach d,arch/riscv $(rooms:%=core/%) drivers,$(eval $(call add-folder,$d,$d)))

policy-defs := $(wildcard $(addsuffix /policies/*/policy.def,. $(external-dirs)))
$(foreach f,$(policy-defs),$(eval $(call \
	add-folder,$(call folders,$f),$(call folders,$(patsubst $(O)/%,%,$(call in-build,$f))))))

# The board is a single file, in the tree or in a folder of EXTERNAL=.
board := $(wildcard $(addsuffix /boards/$(CONFIG_BOARD_DIR)/board.c,. $(external-dirs)))
ifneq ($(words $(CONFIG_BOARD_DIR) $(board)),2)
# Fail only at link time, because .config may be about to change.
$(O)/cordon.elf: no-board
no-board:
	$(error boards/$(CONFIG_BOARD_DIR)/board.c must exist once, found: $(or $(board),none))
endif
objects += $(patsubst %.c,%.o,$(call in-build,$(board)))

libfdt := $(addprefix $(O)/third_party/libfdt/,fdt.o fdt_ro.o fdt_rw.o \
	fdt_wip.o fdt_addresses.o)
objects += $(libfdt)

# Code that runs once, or after a failure, is compiled for size.
$(patsubst %,$(O)/policies/protect/%.o,devices lock measured reset restart tree): \
	private CFLAGS += -Os

# HACL* and its users. The linker drops unused functions.
ifdef CONFIG_CRYPTO
hacl-sources := $(addprefix $(THIRD_PARTY)/hacl/,Hacl_Curve25519_51.c Hacl_Ed25519.c)
hacl := $(hacl-sources:$(THIRD_PARTY)/%.c=$(O)/third_party/%.o)
objects += $(hacl)
$(hacl): private warnings := $(third-party-flags)
$(hacl) $(O)/core/crypto/ed25519.o: private CFLAGS += -Icore/crypto/compat \
	$(addprefix -isystem $(THIRD_PARTY)/hacl/,. karamel/include \
	karamel/krmllib/dist/minimal) -D__USE_SYSTEM_ENDIAN_H__
$(hacl) $(O)/core/crypto/ed25519.o: | $(firstword $(hacl-sources))
$(filter-out $(firstword $(hacl-sources)),$(hacl-sources)): | $(firstword $(hacl-sources))
	@:
$(firstword $(hacl-sources)):
	$(fetch) hacl
endif

# Built without LTO: the compiler emits calls to memcpy and the like, also for its own
# copy loops, after LTO has decided which functions the image uses.
$(O)/core/lib/string.o: private lto :=
$(O)/core/lib/string.o: private CFLAGS += -fno-builtin \
	$(if $(LLVM),,-fno-tree-loop-distribute-patterns)
$(libfdt): private warnings := $(third-party-flags)
# Optimise boot code and printing for size.
cold := boot/fdt.o boot/main.o emulate/vendor.o hart/hart.o hart/panic.o lib/log.o lib/printf.o
$(libfdt) $(addprefix $(O)/core/,$(cold)): private CFLAGS += -Os

##
## Rules
##

# Rebuild when compiler, flags or the list of objects change. The configuration does so
# through autoconf.h.
flags-now := $(strip $(cc-version) $(CC) $(CFLAGS) $(AFLAGS) $(common-flags) $(warnings) $(lto) \
	$(ldflags) $(objects) $(policy-defs))
ifneq ($(flags-now),$(if $(wildcard $(O)/.flags),$(file <$(O)/.flags)))
$(O)/.flags: FORCE
endif
$(O)/.flags:
	@mkdir -p $(@D)
	$(file >$@,$(flags-now))

stamps := $(gen)/autoconf.h $(O)/.flags
# arch/riscv/asm-offsets.s becomes asm-offsets.h, a policy's <policy>/asm-offsets.h.
offsets-header = $(gen)/$(patsubst riscv/%,%,$(notdir $(patsubst %/,%,$(dir $(1))))/asm-offsets.h)
generated := $(gen)/policies.h $(gen)/version.h $(foreach s,$(offsets),$(call offsets-header,$s))

compile = $(CC) -MMD -MP $(common-flags) $(CFLAGS) $(warnings) -frandom-seed=$(1)

define rules-for
$(O)/$(1)%.o: $(2)%.c $(stamps) | $(generated) $(libfdt-header)
	$$(call say,CC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(call compile,$(1)$$*) $$(lto) -c $$< -o $$@

$(O)/$(1)%.o: $(2)%.S $(stamps) | $(generated)
	$$(call say,AS,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -MMD -MP $$(common-flags) $$(AFLAGS) -c $$< -o $$@

$(O)/$(1)%/asm-offsets.s: $(2)%/asm-offsets.c $(stamps) | $(gen)/policies.h $(libfdt-header)
	$$(call say,GEN,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(call compile,asm-offsets) -S $$< -o $$@

endef
$(eval $(call rules-for,,))
$(eval $(call rules-for,third_party/,$(THIRD_PARTY)/))
$(foreach n,$(external-names),$(eval $(call rules-for,external/$n/,$(call external-dir,$n)/)))

# libfdt's sources are fetched together with its header.
$(libfdt:$(O)/third_party/%.o=$(THIRD_PARTY)/%.c): | $(libfdt-header)
	@:

$(gen)/policies.h: $(policy-defs) tools/gen-policies $(O)/.flags $(inc)/config/auto.mk
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/gen-policies $(inc)/config/bools $(policy-defs) >$@

# Commit and configuration, with the files of EXTERNAL= as +<hash> in it; unchanged
# contents keep their timestamp.
configuration = sed 's/^[a-z0-9]*/&$(if $(external-dirs),+$(shell \
	tools/hash-external $(external-dirs)))/' $(inc)/config/name
$(gen)/version.h: $(inc)/config/auto.mk FORCE
	@mkdir -p $(@D)
	@{ echo '/* SPDX-License-Identifier: BSD-2-Clause */'; \
		echo '/* Generated by tools/build.mk, do not edit. */'; \
		echo "#define CORDON_VERSION \"$$(tools/version)\""; \
		echo "#define CORDON_CONFIG \"$$($(configuration))\""; } >$@.tmp; \
		if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi

# The compiler computes offsets and constants, sed makes #defines of them: asm-offsets.c
# emits lines like  .ascii "->NAME 8 comment"  or  ->NAME 8 . Unchanged contents keep
# their timestamp, because all assembly depends on the header.
define offsets-rule
$(call offsets-header,$(1)): $(1)
	$$(make-offsets)

endef
define make-offsets
	@mkdir -p $(@D)
	@{ echo '/* SPDX-License-Identifier: BSD-2-Clause */'; \
		echo '/* Generated from $(patsubst $(O)/%.s,%.c,$<), do not edit. */'; \
		sed -n -e 's/^[[:space:]]*\.ascii[[:space:]]*"\(->.*\)".*/\1/' \
			-e 's/^->\([A-Za-z_][A-Za-z0-9_]*\) [$$#]*\([^ ]*\).*/#define \1 \2/p' \
			$<; } >$@.tmp; \
		if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi
endef
$(foreach s,$(offsets),$(eval $(call offsets-rule,$s)))

$(lds): arch/riscv/monitor.lds.S $(stamps) | $(gen)/asm-offsets.h
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -MMD -MP -MT $@ $(common-flags) -D__ASSEMBLER__ -DLINKER_SCRIPT -E -P \
		-x assembler-with-cpp $< -o $@

# GCC's bare-metal linker (riscv64-unknown-elf-) cannot link position-independent
# executables. If it is in use, it merges the objects and the linker for Linux links
# them.
ifneq ($(shell $(LD) -pie -v >/dev/null 2>&1 || echo no),)
pie-ld := $(shell command -v riscv64-linux-gnu-ld)
$(O)/cordon.elf: $(objects) $(lds)
	$(if $(pie-ld),,$(error $(LD) cannot link with -pie: install binutils-riscv64-linux-gnu))
	$(call say,LD,$@)
	$(Q)$(CC) $(machine-flags) $(lto) $(link-cflags) -nostdlib -r \
		$(if $(lto),-flinker-output=nolto-rel) $(objects) -o $(O)/cordon.o
	$(Q)$(pie-ld) $(ldflags) -static -T $(lds) -Map $(O)/cordon.map $(O)/cordon.o -o $@
else
$(O)/cordon.elf: $(objects) $(lds)
	$(call say,LD,$@)
	$(Q)$(CC) $(machine-flags) $(lto) $(link-cflags) -nostdlib -static \
		$(patsubst %,-Wl$(comma)%,$(ldflags)) -Wl,-T,$(lds) -Wl,-Map,$(O)/cordon.map \
		$(objects) -o $@
endif

$(O)/cordon.bin: $(O)/cordon.elf
	$(call say,OBJCOPY,$@)
	$(Q)$(OBJCOPY) -O binary $< $@
	$(if $(silently),,@printf '  %-7s %s\n' SIZE "$$(tools/size $(READELF) $<)")

all: $(O)/cordon.bin

pack-args = --monitor '$<' $(if $(FIRMWARE),--firmware '$(FIRMWARE)') \
	$(if $(FDT),--fdt '$(FDT)') $(if $(MANIFEST),--manifest '$(MANIFEST)') $(PACK_ARGS)
.PHONY: image
image: $(O)/cordon.bin
	$(if $(FIRMWARE)$(FIT)$(BOOTCHAIN),,$(error make image needs FIRMWARE=<raw binary>, and \
		takes FDT=<dtb> and MANIFEST=<file>; or a vendor's image, FIT=<u-boot.itb> or \
		BOOTCHAIN=<file>))
	$(if $(and $(FIT),$(BOOTCHAIN)),$(error make image takes FIT= or BOOTCHAIN=, not both))
ifneq ($(FIT),)
	$(call say,FIT,$(O)/u-boot.itb)
	$(Q)tools/pack-fit $(pack-args) '$(FIT)' -o '$(O)/u-boot.itb' $(silently)
else ifneq ($(BOOTCHAIN),)
	$(call say,CHAIN,$(O)/bootchain.bin)
	$(Q)tools/pack-bootchain $(pack-args) '$(BOOTCHAIN)' -o '$(O)/bootchain.bin' $(silently)
else
	$(call say,IMAGE,$(O)/image.bin)
	$(Q)tools/pack-image $(pack-args) -o '$(O)/image.bin'
endif

# By board and configuration, so that several can be installed.
PREFIX := /usr/local
install-dir = $(DESTDIR)$(PREFIX)/lib/cordon
install-name = $(or $(NAME),$(subst /,_,$(CONFIG_BOARD_DIR)))
.PHONY: install
install: $(O)/cordon.bin
	$(call say,INSTALL,$(install-dir)/$(install-name))
	$(Q)tools/install-monitor $(O) '$(DESTDIR)' '$(PREFIX)' '$(install-name)'

# For clangd and other tools: all compiler calls that make would run here.
$(O)/compile_commands.json: FORCE | $(generated) $(libfdt-header)
	$(call say,GEN,$@)
	$(Q)$(alone) $(PYTHON) tools/compile-commands --build $(O) \
		$(if $(LLVM),LLVM=$(LLVM)) $(if $(EXTERNAL),EXTERNAL=$(EXTERNAL)) >$@.tmp
	@mv $@.tmp $@
.PHONY: compile_commands.json
compile_commands.json: $(O)/compile_commands.json

# Compile each header alone, for tools/checks. Those of compat/ replace others.
headers := $(wildcard core/include/cordon/*.h arch/riscv/include/arch/*.h drivers/include/*/*.h)
.PHONY: header-check
header-check: $(headers:%=$(O)/%.check)
$(O)/%.h.check: %.h $(stamps) | $(generated) $(libfdt-header)
	$(call say,HEADER,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -MMD -MP -MF $@.d -MT $@ $(common-flags) $(CFLAGS) $(warnings) \
		-fsyntax-only -x c $<
	@touch $@

-include $(headers:%=$(O)/%.check.d) $(objects:.o=.d) $(lds:=.d) $(offsets:.s=.d)
