# SPDX-License-Identifier: MIT
#
#   make matrix      every program under every detector, compared with the catalogue
#   make test        the tests
#   make help        all targets
#
# HAZARD=NAME narrows matrix, tsan, tsan-gcc, helgrind, drd, probe, explore and inject to one hazard. Everything made
# lies in build/.

VERSION := 0.1.0
PREFIX ?= /usr/local
FLAVOUR ?= release
HAZARD ?=
MATRIX_FLAGS ?=
TEST_FLAGS ?=

# V=1 shows the commands.
Q := $(if $(V),,@)
say := @$(if $(V),:,echo)

flags-release := -O2 -g
flags-debug := -O0 -g
flags-asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
ifndef flags-$(FLAVOUR)
$(error unknown FLAVOUR '$(FLAVOUR)': release, debug or asan)
endif

CC := gcc
warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wcast-qual -Wformat=2 -Wundef -Wswitch-enum -Wwrite-strings -fno-common -Werror
libraries := talloc jansson libxml-2.0 yaml-0.1 libdw libxxhash libseccomp libmd
# Not expanded before the packages are there: see build/deps below.
cflags = -std=gnu17 -D_GNU_SOURCE -DHAZARD_VERSION='"$(VERSION)"' \
	-I. -Isanitizers -I$(layout) $(warnings) $(flags-$(FLAVOUR)) $(shell pkg-config --cflags $(libraries))
ldlibs = $(shell pkg-config --libs $(libraries)) -lZydis -lm

out := build/$(FLAVOUR)
# Headers that are made.
layout := build/explore/layout
# The C files below these folders.
below = $(shell find $(1) -name '*.c' | LC_ALL=C sort)
runtime_folder := sanitizers/explore/runtime
search_sources := $(call below,sanitizers/explore/search)
sources := $(filter-out $(runtime_folder)/%,$(call below,sanitizers hazard))
# The soak is in the tests, and a command of its own.
soak_main := tests/soak/soak_main.c
soak_sources := $(filter-out tests/soak/test_%,$(wildcard tests/soak/*.c))
tests := $(filter-out tests/fixtures/% $(soak_main),$(call below,tests))
# The table of library calls is the runtime's, but pure: hazard and the tests read it too.
objects := $(patsubst %.c,$(out)/%.o,$(sources) $(runtime_folder)/calls/spec.c $(wildcard $(runtime_folder)/calls/table*.c))
test_objects := $(patsubst %.c,$(out)/%.o,$(tests) $(runtime_folder)/calls/takes.c)
programs := $(wildcard buggy/*.c fixed/*.c)

# What explore links into programs under test: one object, the same in every flavour and never with a sanitizer. It
# takes over the program's memcpy, malloc, pthread_mutex_lock... and must not call them by accident (runtime/base.h).
runtime := build/explore/runtime.o
runtime_sources := $(call below,$(runtime_folder)) $(search_sources) $(call below,sanitizers/explore/message)
runtime_objects := $(patsubst %,build/explore/%.o,$(runtime_sources) $(wildcard $(runtime_folder)/*.S $(runtime_folder)/*/*.S))
RUNTIME_CC := gcc
runtime_includes = -std=gnu17 -D_GNU_SOURCE -I. -Isanitizers -I$(layout) -include explore/runtime/base.h \
	-DHAZARD_ZYDIS='"$(zydis)"'
# The decoder of instructions, which the runtime loads: its file's name has the version.
zydis = $(shell objdump -p $$($(RUNTIME_CC) -print-file-name=libZydis.so) | awk '/SONAME/ { print $$2 }')
# Linked to every program that is explored: its variables would be most of what is linked and read.
RUNTIME_DEBUG := -g1
runtime_cflags = $(runtime_includes) $(warnings) -O3 $(RUNTIME_DEBUG) -fPIC -fvisibility=hidden \
	-fno-stack-protector \
	-fno-tree-loop-distribute-patterns -fcf-protection=none

.DELETE_ON_ERROR:
.PHONY: all matrix test soak tsan tsan-gcc helgrind drd probe explore inject native bench signal-safety cancellation audit-calls check-format format lint structure check-programs install \
	uninstall deb clean deps help

all: build/hazard ## the hazard command

build/hazard: $(out)/hazard-bin $(runtime)
	@ln -sfn $(FLAVOUR)/hazard-bin $@

$(out)/hazard-bin: $(objects)
	$(say) "  LINK  $@"
	$(Q)$(CC) $(flags-$(FLAVOUR)) $^ $(ldlibs) -o $@

$(out)/run-tests: $(filter-out $(out)/hazard/main.o,$(objects)) $(test_objects)
	$(say) "  LINK  $@"
	$(Q)$(CC) $(flags-$(FLAVOUR)) $^ $(ldlibs) $(shell pkg-config --libs criterion) -o $@

build/soak: $(soak_sources:%.c=$(out)/%.o)
	$(say) "  LINK  $@"
	$(Q)$(CC) $(flags-$(FLAVOUR)) $^ $(shell pkg-config --libs jansson) -o $@

# Criterion's macros are not pedantic.
$(out)/tests/%.o: warnings += -Wno-pedantic -Wno-missing-prototypes -Wno-shadow -Wno-conversion -Wno-cast-qual
$(out)/%.o: %.c $(out)/flags | build/deps
	@mkdir -p $(@D)
	$(say) "  CC    $<"
	$(Q)$(CC) $(cflags) -MMD -MP -c $< -o $@

# Every object depends on the compiler and its flags.
$(out)/flags: FORCE | build/deps
	@mkdir -p $(@D)
	@echo '$(CC) $(cflags)' | cmp -s - $@ || echo '$(CC) $(cflags)' >$@
.PHONY: FORCE
FORCE:

# Its variables get sections of their own, so that it can tell them from the program's (runtime/rewind.c).
$(runtime): $(runtime_objects)
	$(say) "  LD    $@"
	$(Q)ld -r $^ -o $@
	$(Q)objcopy --localize-hidden --rename-section .bss=hazard_bss,alloc \
		--rename-section .data=hazard_data,alloc,load,data,contents \
		--rename-section .text=hazard_text,alloc,load,readonly,code,contents $@
# The variables that stand for the state of libraries have names in findings.
build/explore/$(runtime_folder)/calls/hidden.c.o: RUNTIME_DEBUG := -g
build/explore/%.c.o: %.c build/explore/flags
	@mkdir -p $(@D)
	$(say) "  CC    $< (runtime)"
	$(Q)$(RUNTIME_CC) $(runtime_cflags) -MMD -MP -c $< -o $@
build/explore/%.S.o: %.S build/explore/flags
	@mkdir -p $(@D)
	$(Q)$(RUNTIME_CC) -Isanitizers -MMD -MP -c $< -o $@
build/explore/flags: FORCE | build/deps
	@mkdir -p $(@D)
	@echo '$(RUNTIME_CC) $(runtime_cflags)' | cmp -s - $@ || echo '$(RUNTIME_CC) $(runtime_cflags)' >$@

# The version of the memory that the two share: anew whenever a header changes that lays it out.
shared_version := $(layout)/explore/shared_version.h
$(out)/sanitizers/explore/front/explore.o build/explore/$(runtime_folder)/control.c.o: $(shared_version)
$(shared_version): ci/layout-version | build/deps
	@mkdir -p $(@D)
	$(say) "  HASH  $@"
	$(Q)$(RUNTIME_CC) -MM -MP -MT $@ -MF $@.d -Isanitizers -x c sanitizers/explore/shared.h
	$(Q)CC=$(RUNTIME_CC) ci/layout-version sanitizers >$@

# The packages, once; `make deps` looks again.
build/deps: ci/packages ci/deps
	@mkdir -p build
	@ci/deps
	@touch $@
deps: ## install the Debian packages that are missing
	@mkdir -p build
	@ci/deps
	@touch build/deps

matrix: build/hazard ## every program under every detector, compared with the catalogue
	build/hazard matrix --jobs=$$(($$(nproc) + 2)) $(MATRIX_FLAGS) $(HAZARD) # some only wait
tsan tsan-gcc helgrind drd probe explore inject: build/hazard ## the suite under one detector
	build/hazard matrix --with $@ $(MATRIX_FLAGS) $(HAZARD)
native: build/hazard ## every fixed program, RUNS times (200): each must end well
	tests/native $(or $(RUNS),200) $(HAZARD)
bench: build/hazard ## the speed of explore and of inject, and of other tools that are installed: docs/bench.md
	bench/run
	bench/inject
	bench/start
	bench/peers
signal-safety: build/hazard ## how many instructions of printf... are deadly in a handler: docs/inject.md
	bench/signal-safety
cancellation: ## which functions of the C library are cancellation points: docs/cancellation.md
	bench/cancellation --page >build/cancellation.md
	mv build/cancellation.md docs/cancellation.md

audit-calls: build/audit-calls ## is explore's table of library calls right: docs/calls.md
	bench/audit-calls --page >build/calls.md
	mv build/calls.md docs/calls.md

# The harness takes what it judges from the runtime itself: its table, what it makes of a row, its decoder.
audit_sources := $(wildcard bench/calls/*.c) $(wildcard $(runtime_folder)/calls/table*.c) \
	$(addprefix $(runtime_folder)/,base.c calls/spec.c calls/effect.c calls/format.c audit/decode.c audit/machine.c \
	audit/system_calls.c)
audit_objects := $(audit_sources:%.c=build/audit/%.o)
build/audit-calls: $(audit_objects)
	$(say) "  LINK  $@"
	$(Q)$(CC) -rdynamic -Wl,-z,now $^ -lm -pthread -o $@
build/audit/%.o: %.c build/explore/flags | build/deps
	@mkdir -p $(@D)
	$(say) "  CC    $< (audit)"
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE -I. -Isanitizers -I$(layout) -DHAZARD_ZYDIS='"$(zydis)"' -Wall -Wextra -Werror \
		-Wno-deprecated-declarations -Wno-unused-value -O1 -g -fno-builtin -fno-tree-loop-distribute-patterns \
		-MMD -MP -c $< -o $@

# What reads the formats of `hazard grade` in the tests: packages of npm, as tests/validators names them.
build/validators/installed: tests/validators/package-lock.json
	$(say) "  NPM   $(@D)"
	@for tool in npm jq zip; do command -v $$tool >/dev/null || { ci/deps packages-test && break; }; done
	@mkdir -p $(@D)
	$(Q)cp tests/validators/package.json $< $(@D)
	$(Q)cd $(@D) && npm ci --silent --ignore-scripts
	$(Q)chmod u+x $(@D)/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
	@touch $@

test: build/hazard build/audit-calls build/validators/installed ## the tests
	$(MAKE) --no-print-directory FLAVOUR=asan build/asan/run-tests build/asan/hazard-bin
	tests/run $(TEST_FLAGS)

soak: build/hazard build/soak ## random programs: explore against an interpreter; PROGRAMS=10000 SEED=1 MEMORY=sc JOBS=1 SOAK_GROUPS=
	build/soak programs=$(or $(PROGRAMS),10000) seed=$(or $(SEED),1) memory=$(or $(MEMORY),sc) \
		jobs=$(or $(JOBS),1) groups=$(SOAK_GROUPS)

check-format: ## is everything formatted?
	@clang-format --dry-run --Werror $(shell git ls-files '*.c' '*.h')
format:
	@clang-format -i $(shell git ls-files '*.c' '*.h')
lint: build/deps $(shared_version) ## clang-tidy over our own code, both compilers over everything
	@clang-tidy --quiet $(sources) -- $(cflags) -Wno-everything
	@clang-tidy --quiet $(filter $(runtime_folder)/%,$(runtime_sources)) -- $(runtime_includes) -Wno-everything
	@for source in $(runtime_sources); do clang $(runtime_includes) $(warnings) -fsyntax-only $$source || exit 1; done
	$(MAKE) --no-print-directory CC=clang FLAVOUR=debug build/debug/hazard-bin
	$(MAKE) --no-print-directory check-programs
structure: build/hazard ## rooms, headers, names and arrows, as CONTRIBUTING.md wants them; LIST=--list names the offenders
	ci/structure $(LIST)
check-programs: build/deps ## the suite's programs compile without a warning, with both compilers
	@for program in $(programs); do for cc in gcc clang; do \
		$$cc -std=gnu17 -O0 -pthread $(warnings) -fsyntax-only $$program || exit 1; done; done

# Spaces may be in both. What is installed finds its data by its own place: the tree can be moved.
to = $(DESTDIR)$(PREFIX)
install: build/hazard ## below PREFIX (/usr/local), in DESTDIR
	install -d "$(to)/bin" "$(to)/include" "$(to)/share/hazard" "$(to)/lib/hazard/explore" \
		"$(to)/share/man/man1" "$(to)/share/bash-completion/completions"
	install -m 755 $(out)/hazard-bin "$(to)/bin/hazard"
	cd "$(to)/share/hazard" && rm -rf buggy fixed catalog include explore adapters docs
	cp -r buggy fixed catalog include adapters "$(to)/share/hazard/"
	install -d "$(to)/share/hazard/docs"
	cp -r docs/platforms docs/schemas "$(to)/share/hazard/docs/"
	install -m 644 $(runtime) "$(to)/lib/hazard/explore/runtime.o"
	install -m 644 include/public/hazard.h "$(to)/include/hazard.h"
	install -m 644 docs/hazard.1 "$(to)/share/man/man1/hazard.1"
	install -m 644 docs/hazard.bash "$(to)/share/bash-completion/completions/hazard"
uninstall: ## what install has put there, by the same PREFIX and DESTDIR
	rm -rf "$(to)/share/hazard" "$(to)/lib/hazard"
	rm -f "$(to)/bin/hazard" "$(to)/include/hazard.h" "$(to)/share/man/man1/hazard.1" \
		"$(to)/share/bash-completion/completions/hazard"
deb: build/hazard ## build/hazard_VERSION_ARCHITECTURE.deb
	@ci/deb $(VERSION)
clean:
	rm -rf build
help:
	@sed -n 's/^\([a-z -]*\):.*## /\1: /p' Makefile

-include $(shared_version).d $(soak_main:%.c=$(out)/%.d) $(objects:.o=.d) $(test_objects:.o=.d) $(runtime_objects:.o=.d) $(audit_objects:.o=.d)
