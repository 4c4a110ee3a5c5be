# SPDX-License-Identifier: BSD-2-Clause
# Build entry of Cordon: configure, build, run and check. See `make help`.
#
# One make sees every object: a folder's Makefile only appends to obj-y. The
# build never writes outside $(O), so the sources may be read-only.

MAKEFLAGS += -rR --no-print-directory
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:

O := build
V := 0
PYTHON := /usr/bin/python3 -B
DEFAULT_BOARD := qemu_virt

ifneq ($(CURDIR),$(realpath $(dir $(lastword $(MAKEFILE_LIST)))))
$(error run make in the source folder, or with -C: the build folder is O=)
endif
# Make, the shell and compilers' options give these a meaning of their own.
hash := \#
odd-characters := : ; ' " ` \ ( ) [ ] { } < > & | $$ * ? ! ~ % , = $(hash)
odd-in = $(strip $(foreach c,$(odd-characters),$(findstring $c,$(1))) \
	$(if $(word 2,x$(1)x),space))
ifneq ($(call odd-in,$(CURDIR)),)
$(error the source folder cannot have this in its name: $(call odd-in,$(CURDIR)))
endif
ifneq ($(call odd-in,$(value O)),)
$(error O= cannot have this in its name: $(call odd-in,$(value O)))
endif
ifeq ($(O),)
$(error O= is empty: the build folder needs a name)
endif
ifeq ($(abspath $(O)),$(CURDIR))
$(error O= cannot be the source folder)
endif

# Output: one line a step; V=1 shows commands, make -s shows nothing.
ifneq ($(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),)
Q := @
say = @:
silently := >/dev/null
else ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n' '$(1)' '$(patsubst $(O)/%,%,$(2))'
endif

comma := ,
empty :=
space := $(empty) $(empty)

# Folders outside the tree. Each shows up as external/<its last name>.
external-dirs := $(abspath $(subst :, ,$(EXTERNAL)))
external-names := $(notdir $(external-dirs))
ifneq ($(words $(external-names)),$(words $(sort $(external-names))))
$(error the folders of EXTERNAL= need different last names: $(EXTERNAL))
endif
external-dir = $(filter %/$(1),$(external-dirs))
ifneq ($(call odd-in,$(subst :,,$(value EXTERNAL))),)
$(error EXTERNAL= cannot have this in its folders' names: \
	$(call odd-in,$(subst :,,$(value EXTERNAL))))
endif
$(foreach d,$(external-dirs),$(if $(wildcard $d/.),,$(error EXTERNAL: there is no folder $d))\
	$(if $(wildcard $(addprefix $d/,boards policies configs)),,\
	$(error EXTERNAL: $d has no folder boards or policies or configs)))

##
## Goals: what configures or cleans runs first and alone, as it decides what
## the rest of the Makefile reads.
##

goals := $(or $(MAKECMDGOALS),all)
clean-goals := $(filter clean mrproper distclean,$(goals))
kconf-goals := menuconfig nconfig oldconfig olddefconfig savedefconfig listnewconfig \
	randconfig allnoconfig allyesconfig
config-goals := $(filter $(kconf-goals) %_defconfig %.config,$(goals))
rest-goals := $(filter-out $(clean-goals) $(config-goals),$(goals))

ifneq ($(word 2,$(if $(clean-goals),x) $(if $(config-goals),x) $(if $(rest-goals),x)),)

.PHONY: one-by-one
one-by-one:
	$(Q)set -e; $(if $(clean-goals),$(MAKE) $(clean-goals);) \
		$(if $(config-goals),$(MAKE) $(config-goals);) \
		$(if $(rest-goals),$(MAKE) $(rest-goals))
$(goals): one-by-one
	@:

else

.PHONY: all FORCE
all:
FORCE:

##
## Configuration
##

kconf := $(PYTHON) tools/kconfig/kconf --build $(O) $(if $(EXTERNAL),--external '$(EXTERNAL)')
# Mark O as a build folder when it is first written: for clean and mrproper, and for git
# if it lies in the sources under another name.
make-build-folder := @tools/build-folder $(O)
# One defconfig, and what it and the fragments are called, before O is touched.
define find-configs
$(if $(word 2,$(filter %_defconfig,$(goals))),\
	$(error one defconfig at a time: $(filter %_defconfig,$(goals))))
$(Q)$(kconf) find $(filter %_defconfig %.config,$(goals))
endef

.PHONY: $(kconf-goals)
# Interactive targets print also under make -s.
menuconfig nconfig randconfig allnoconfig allyesconfig:
	$(make-build-folder)
	$(Q)$(kconf) $@ $(if $(filter menuconfig nconfig,$@),,$(silently))

oldconfig olddefconfig savedefconfig listnewconfig: $(O)/.config
	$(make-build-folder)
	$(Q)$(kconf) $@ $(if $(filter oldconfig listnewconfig,$@),,$(silently))

%_defconfig: FORCE
	$(find-configs)
	$(make-build-folder)
	$(Q)$(kconf) defconfig $@ $(filter %.config,$(goals)) $(silently)

# After a defconfig in the same command, that one has merged the fragments.
%.config: FORCE $(filter %_defconfig,$(goals))
	$(make-build-folder)
	$(if $(filter %_defconfig,$(goals)),@:,$(Q)$(kconf) merge $(filter %.config,$(goals)) \
		$(silently))

$(O)/.config:
	$(if $(silently),,@echo "There is no $@: using $(DEFAULT_BOARD)_defconfig (see make help).")
	$(make-build-folder)
	$(Q)$(kconf) defconfig $(DEFAULT_BOARD)_defconfig $(silently)

##
## Goals that need no configuration
##

THIRD_PARTY := $(if $(wildcard third_party/libfdt/libfdt.h),third_party,$(shell \
	test -w . && echo third_party || echo $(O)/third_party))
libfdt-header := $(THIRD_PARTY)/libfdt/libfdt.h
setup = $(Q)tools/setup $(addprefix --for ,$(1) $(if $(LLVM),llvm))
# Commands that run make must not inherit this one's flags and variables.
alone := env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u O -u V
define fetch
$(if $(filter $(O)/%,$(THIRD_PARTY)),$(make-build-folder))
$(Q)tools/fetch-third-party --dest $(THIRD_PARTY) $(silently)
endef

$(libfdt-header):
	$(fetch)

.PHONY: third-party run run-enclave run-protect run-trace run-payload run-firmware smoke \
	bench debug gdb check check-long \
	check-boards qemu-boards lint docs tags TAGS dist deb
third-party:
	$(fetch)

# A fresh machine lacks the tools that reading the rest of this Makefile takes,
# so these goals install first and build in a make of their own.
run smoke bench debug:
	$(if $(filter run,$@),$(Q)tools/run --check-terminal $(RUN_ARGS))
	$(call setup,$(if $(filter debug,$@),debug,run))
	$(fetch)
	$(Q)$(MAKE) all
	$(Q)$(alone) $(if $(filter bench,$@),tools/bench,tools/run) --build $(O) \
		$(if $(filter smoke debug,$@),--$@) $(RUN_ARGS)

# A program of one's own: on OpenSBI, or as the firmware.
run-payload run-firmware: program = $(O)/program/$(basename $(notdir $(PROGRAM))).bin
run-payload: PROGRAM ?= tests/payload/hello.c
run-payload: program-folder := tests/payload
run-payload: program-args = --payload $(program)
run-firmware: program-folder := tests/guest
run-firmware: program-args = --firmware $(program) --payload none
run-payload run-firmware:
	$(if $(PROGRAM),,$(error PROGRAM=<x.c>: which program is to run?))
	$(call setup,run)
	$(fetch)
	$(Q)$(MAKE) all
	$(Q)$(MAKE) -C $(program-folder) PROGRAM=$(abspath $(PROGRAM)) OUT=$(abspath $(O))/program
	$(Q)$(alone) tools/run --build $(O) --harts 1 --expect 'RESULT PASS' $(program-args) \
		$(RUN_ARGS)

# A monitor of its own: with the policies that this takes, whatever O= is made with.
run-enclave:
	$(call setup,run enclave)
	$(fetch)
	$(Q)$(MAKE) O=$(O)/run-enclave qemu_virt_defconfig keystone.config offload.config all
	$(Q)$(alone) tools/run --enclave --build $(O)/run-enclave $(RUN_ARGS)

# The same firmware with a back door three times: bare, under a monitor with no policy,
# and under one that protects the payload.
run-protect:
	$(call setup,run enclave)
	$(fetch)
	$(Q)$(MAKE) O=$(O)/run-passthrough qemu_virt_defconfig all
	$(Q)$(MAKE) O=$(O)/run-protect qemu_virt_defconfig protect.config all
	$(Q)for where in --native "--build $(O)/run-passthrough" "--build $(O)/run-protect"; do \
		$(alone) tools/run --door $(O)/door $$where $(RUN_ARGS) || exit 1; done
	@echo 'PROTECT PASS'

# OpenSBI and Linux under a monitor that records what they do: text, timeline, picture.
run-trace:
	$(call setup,run)
	$(fetch)
	$(Q)$(MAKE) O=$(O)/run-trace qemu_virt_defconfig trace.config all
	$(Q)$(alone) tools/trace boot --build $(O)/run-trace -o $(O)/trace $(RUN_ARGS)

gdb:
	$(call setup,debug)
	$(Q)tools/gdb --build $(O)

check check-long:
	$(call setup,check)
	$(fetch)
	$(Q)$(MAKE) all
	$(Q)$(alone) tools/check --build $(O) $(if $(filter check-long,$@),--long)

# CBMC has to be there: a proof that is skipped says nothing.
proof-goals := proof proof-long proof-mutants coverage mutants
.PHONY: $(proof-goals)
coverage mutants:
	$(call setup,check)
	$(fetch)
	$(Q)$(alone) $(if $(filter coverage,$@),tools/coverage --build $(O),tools/mutate) \
		$(RUN_ARGS)

proof proof-long proof-mutants:
	$(call setup,proof)
	$(Q)$(alone) tests/proof/run $(if $(filter proof-long,$@),--long) \
		$(if $(filter proof-mutants,$@),--mutants) $(RUN_ARGS)

check-boards:
	$(call setup,check)
	$(fetch)
	$(Q)$(alone) tools/check --build $(O) tests/integration/test_boards.py \
		tests/integration/test_models.py tests/integration/test_spl.py

# Minutes at first: only who asks for it gets the QEMU with our board models.
qemu-boards:
	$(call setup,qemu)
	$(Q)tools/qemu/build

lint:
	$(call setup,lint)
	$(make-build-folder)
	$(Q)$(alone) tools/checks/run-all --build $(O)

# Documents made of the sources; an assembler or a linker is not needed.
docs:
	$(call setup,build)
	$(call setup,docs)
	$(make-build-folder)
	$(call say,DOC,$(O)/doc/csr.md)
	@mkdir -p $(O)/doc
	$(Q)tools/gen-csr-doc \
		--cc '$(if $(LLVM),clang,$(or $(CROSS_COMPILE),riscv64-linux-gnu-)gcc)' \
		-o $(O)/doc/csr.md
	$(call say,DOC,$(O)/doc/api/html/index.html)
	$(Q)tools/gen-api-docs $(O)/doc/api

# For vi and Emacs: they look for the file in the folders above, or are told of O.
tags TAGS:
	$(call setup,tags)
	$(make-build-folder)
	$(call say,TAGS,$(O)/$@)
	$(Q)tools/index-sources $(if $(filter TAGS,$@),-e) -f $(O)/$@

dist:
	$(make-build-folder)
	$(Q)tools/make-dist $(O)

deb:
	$(call setup,build)
	$(make-build-folder)
	$(Q)$(alone) tools/make-deb $(O)

.PHONY: clean mrproper distclean
clean:
	@tools/build-folder --check $(O)
	$(call say,CLEAN,$(O))
	$(Q)rm -rf $(addprefix $(O)/,arch core drivers boards policies third_party/libfdt external \
		include cordon.elf cordon.bin cordon.map image.bin u-boot.itb bootchain.bin .flags \
		tags TAGS compile_commands.json)

mrproper:
	@tools/build-folder --check $(O)
	$(call say,CLEAN,$(O) with its configuration)
	$(Q)rm -rf $(O)

# Remove leftovers of editors, patch and Python from the sources.
distclean: mrproper
	$(Q)find . -name .git -prune -o -path ./third_party -prune -o -type f '(' -name '*~' \
		-o -name '*.orig' -o -name '*.rej' -o -name '.*.sw[a-p]' -o -name '*.pyc' ')' \
		-exec rm -f {} +

.PHONY: help
help:
	@sed -n 's/^#h //p; s/^#h$$//p' Makefile
	@echo
	@echo 'Boards:'
	@for f in configs/*_defconfig $(addsuffix /configs/*_defconfig,$(external-dirs)); do \
		if [ -e "$$f" ]; then echo "  $${f##*/}"; fi; done
	@echo 'Fragments:'
	@for f in configs/fragments/*.config $(foreach d,$(external-dirs),$d/configs/*.config \
			$d/configs/fragments/*.config); do \
		if [ -e "$$f" ]; then echo "  $${f##*/}"; fi; done

#h Configure (the result is $(O)/.config):
#h   <board>_defconfig   the configuration of a board, see below
#h   <board>_defconfig <fragment>.config ...
#h                       the same with fragments from configs/fragments/
#h   menuconfig, nconfig change the configuration in menus
#h   oldconfig           take over an old .config, and ask for new options
#h   olddefconfig        the same, with the defaults of new options
#h   listnewconfig       show the options that .config does not have
#h   savedefconfig       write the minimal form of .config to $(O)/defconfig
#h   randconfig, allnoconfig, allyesconfig
#h                       every option by chance, off, on; KCONFIG_ALLCONFIG=<file>
#h                       says which stay as they are, KCONFIG_SEED=<n> which chance
#h
#h Build:
#h   all                 cordon.elf and cordon.bin (the default)
#h   image               cordon.bin and a firmware in one file, image.bin:
#h                       FIRMWARE=<raw binary> [FDT=<dtb>]; or in a copy of
#h                       a vendor's image: FIT=<u-boot.itb> for u-boot.itb,
#h                       BOOTCHAIN=<file> FDT=<dtb> for bootchain.bin
#h   install             monitor and packing tools to $(DESTDIR)$(PREFIX)
#h   clean, mrproper     remove what was built, also the configuration
#h   distclean           what editors and patch left in the sources, too
#h
#h Run (these install missing packages through apt after saying so):
#h   run                 boot OpenSBI and Linux on QEMU, to a shell
#h   smoke               the same without a person, the exit status tells
#h   run-enclave         run enclaves in that Linux and verify their report here
#h   run-protect         boot it on a firmware with a back door: bare, under the monitor, and
#h                       under the policy that denies the firmware all it tries
#h   run-payload         run a program of yours on OpenSBI: PROGRAM=x.c (tests/payload)
#h   run-firmware        run a program of yours as the firmware: PROGRAM=x.c (tests/guest)
#h   run-trace           boot them recorded, and write what they did to $(O)/trace: as text,
#h                       timeline and picture
#h   bench               count instructions and time Linux: on the bare machine, under
#h                       the monitor, and under it with offload
#h   debug, gdb          wait for a debugger; attach one (another terminal)
#h   check, check-long   all tests; with the ones that take hours
#h   check-boards        every board on its QEMU machine
#h   qemu-boards         build the QEMU that check-boards uses for some of them
#h   proof, proof-long   show properties of the sources for all values, with CBMC
#h   proof-mutants       the same with a fault in the sources, which must be found;
#h                       RUN_ARGS="--long" for all
#h   coverage            lines and branches that the unit tests reach; RUN_ARGS=--missing
#h   mutants             small faults in the sources, and which test notices each
#h   -C tests/fuzz run   a short run of each fuzz target; LIBFUZZER=1 with libFuzzer
#h   lint                the rules of style, as programs
#h   docs                documents made of the sources: the CSRs, all functions
#h   compile_commands.json, tags, TAGS
#h                       for editors, in $(O): clangd looks into build by itself
#h   dist                the sources of this commit as a tarball, in $(O)
#h   deb                 a Debian package with the images for QEMU, in $(O)
#h
#h Variables:
#h   O=<dir>             build folder, the default is build
#h   V=1                 show commands; make -s shows nothing
#h   W=1                 more warnings
#h   CROSS_COMPILE=<p>   prefix of the GCC tools, riscv64-linux-gnu-
#h   LLVM=1              Clang and LLD instead; LLVM=-15 for one version
#h   EXTERNAL=<dir>[:<dir>]
#h                       boards and policies from outside the tree
#h   PACK_ARGS=<words>   more arguments for the tools that make image runs
#h   RUN_ARGS=<words>    more arguments for the tool that a goal runs: tools/run, bench,
#h                       trace, coverage, mutate or tests/proof/run

##
## Build
##

build-goals := $(filter-out $(clean-goals) $(config-goals) $(proof-goals) \
	third-party run run-enclave run-protect run-trace run-payload run-firmware smoke \
	bench debug gdb check check-long \
	check-boards qemu-boards lint docs tags TAGS dist deb help,$(goals))
ifneq ($(build-goals),)

include tools/build.mk

endif # build-goals
endif # one by one
