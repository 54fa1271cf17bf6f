# SPDX-License-Identifier: Apache-2.0
#
# Everything one does with the project: `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
# Python 3.11 or later with the package `zstandard`.
PYTHON ?= python3
.PHONY: FORCE docs soak soak-capture soak-crashes soak-readers soak-threads soak-system
.PHONY: vectors digests help packages test-packages build library install install-library uninstall demo
.PHONY: test test-optimised check lint format fuzz fuzz-build fuzz-long fuzz-coverage mutations
.PHONY: bench bench-size bench-peers sample clean

# A crash in a test shall end the test at once, not print a backtrace for a minute.
export SWIFT_BACKTRACE := enable=no

# Where `make install` puts the command and the C library; DESTDIR comes before it.
PREFIX ?= /usr/local
DESTDIR ?=

# Tests run with debugging checks; TEST_FLAGS='--filter Name' runs some of them.
TEST_FLAGS ?=
# Seconds for each fuzz target of `make fuzz`.
FUZZ_SECONDS ?= 20
FUZZ_LONG_SECONDS ?= 3600
# The targets of both, all if none are named.
FUZZ_TARGETS ?=
# The command needs no Swift where it runs, and 3 MiB of memory less (18 before, at 1 kHz).
STATIC := $(if $(filter Linux,$(shell uname)),--static-swift-stdlib)
# Processes killed, and disks after a loss of power, of `make soak`.
SOAK_KILLS ?= 10000
SOAK_STATES ?= 1000000
# What all that is written and read looks like; built optimised, as it is quick then.
DIGESTS := .build/release/itape-digests
# Weeks of recording that are simulated: seeds from 1 on.
SOAK_WEEKS ?= 10000
SOAK_THREAD_WEEKS ?= 20
# Mutants of each small vector that three readers must agree on.
SOAK_MUTANTS ?= 200

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

packages: ## Install the system libraries that are missing (apt, with sudo when not root)
	@Scripts/install-packages.sh

build: packages ## Build the command `itape`, optimised
	swift build -c release --product itape $(STATIC)

library: packages ## Build the C library, shared and static, into .build/library
	@Scripts/build-library.sh

install: build library ## Install the command and the C library below PREFIX (/usr/local); DESTDIR
	@DESTDIR='$(DESTDIR)' Scripts/install-library.sh '$(PREFIX)'
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 .build/release/itape '$(DESTDIR)$(PREFIX)/bin/itape'

install-library: library ## Install the C library alone
	@DESTDIR='$(DESTDIR)' Scripts/install-library.sh '$(PREFIX)'

uninstall: ## Remove what `make install` put below PREFIX
	@DESTDIR='$(DESTDIR)' Scripts/install-library.sh --remove '$(PREFIX)'

demo: packages ## Take a recording to .itape and back, and show the sizes and speeds
	@Scripts/demo.sh

test-packages: ## Install what the tests need: as packages, and an X server without a screen
	@Scripts/install-packages.sh test

# Whole modules are compiled one file of objects each, on one processor: two builds side by side.
test: test-packages ## Build and run all tests, then each fuzz target for FUZZ_SECONDS (20)
	@$(MAKE) --no-print-directory -j2 test-optimised $(if $(strip $(TEST_FLAGS)),,fuzz-build)
	swift test --disable-xctest $(TEST_FLAGS)
	@$(if $(strip $(TEST_FLAGS)),,FUZZ_SEED=1 FUZZ_CORPUS=Fuzz/.build-test-corpus Scripts/fuzz.sh $(FUZZ_SECONDS))

# What tests run optimised, one after another: builds in one folder wait for each other.
test-optimised: packages
	@$(MAKE) --no-print-directory -j1 library build $(DIGESTS)

fuzz-build: packages
	@Scripts/fuzz.sh build

check: test-packages lint library ## Lint, warnings, import order, Foundation in the core; tests debug and release
	swift build --build-tests
	@Scripts/build-docs.sh
	swift test --disable-xctest
	swift test --disable-xctest -c release -Xswiftc -enable-testing

soak-capture: test-packages ## Live capture, optimised: 50 million events at a full queue, X11, mice at 1 and 8 kHz; minutes
	@Scripts/soak-capture.sh

docs: packages ## Build the documentation of the library with the toolchain's DocC into .build/docs
	swift build
	@Scripts/build-docs.sh

lint: ## Check the formatting
	swift format lint --strict --recursive --parallel Package.swift Sources Tests \
	  Benchmarks/Package.swift Benchmarks/Sources Fuzz/Package.swift Fuzz/Sources

format: ## Format all Swift files
	swift format --in-place --recursive --parallel Package.swift Sources Tests \
	  Benchmarks/Package.swift Benchmarks/Sources Fuzz/Package.swift Fuzz/Sources

fuzz: packages ## Run each fuzz target for FUZZ_SECONDS (20)
	@Scripts/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

fuzz-long: packages ## Run each fuzz target for FUZZ_LONG_SECONDS (3600), without ASan: much faster
	@FUZZ_SANITIZE=none FUZZ_SCRATCH=Fuzz/.build-plain Scripts/fuzz.sh $(FUZZ_LONG_SECONDS) $(FUZZ_TARGETS)

fuzz-coverage: packages ## Which regions of the sources each fuzz target reaches, by seeds, finds and vectors
	@Scripts/fuzz-coverage.sh

soak: ## All long forms, hours; prints the counts of each part, and all of them in the end
	@Scripts/soak.sh soak-capture soak-crashes soak-readers soak-threads soak-system

soak-crashes: ## 10,000 kills, a million disks after losses of power, 10,000 simulated weeks, every fault
	swift build -c release --build-tests -Xswiftc -enable-testing
	ITAPE_KILLS=$(SOAK_KILLS) ITAPE_CRASH_STATES=$(SOAK_STATES) ITAPE_WEEKS=$(SOAK_WEEKS) \
	  swift test --disable-xctest -c release -Xswiftc -enable-testing --skip-build --filter \
	  'KillTests|CrashStateTests|EveryCallFailsTests|LiveConvertTests|FollowTests|RecoveryTests|SimulationTests'

soak-readers: build ## Sweeps over damaged files, mutants that three readers must agree on, hostile files
	swift build -c release --build-tests -Xswiftc -enable-testing
	ITAPE_SWEEP=1 ITAPE_MUTANTS=$(SOAK_MUTANTS) ITAPE_HOSTILE_MIB=64 swift test --disable-xctest \
	  -c release -Xswiftc -enable-testing --skip-build \
	  --filter 'DamageSweepTests|DifferentialTests|BombTests|HostileFileTests'
	$(PYTHON) Fuzz/compare_readers.py .build/release/itape --seconds 600

soak-threads: ## Tests in which threads meet, and some simulated weeks, under the thread sanitizer
	ITAPE_WEEKS=$(SOAK_THREAD_WEEKS) swift test --disable-xctest --sanitize=thread \
	  --scratch-path .build/thread --filter \
	  'WriterFailureTests|AppendingTests|FollowTests|CaptureQueueTests|RoundTripTests|SimulationTests'

soak-system: build ## The command on a system whose calls fail (strace injects the errors)
	@Scripts/soak-system.sh

mutations: packages ## Wrong changes of decoder, scanner and writer, and whether digests notice
	$(PYTHON) Scripts/mutation/mutate.py build
	$(PYTHON) Scripts/mutation/mutate.py run
	$(PYTHON) Scripts/mutation/mutate.py report

bench: packages ## Measure speeds on this machine
	swift run --package-path Benchmarks -c release BenchBatch
	swift run --package-path Benchmarks -c release BenchAppend

bench-size: packages ## Compare sizes with those of the peers (sets up a Python environment)
	@Benchmarks/Peers/run.sh size

bench-peers: packages ## Compare sizes and speeds with the peers; writes Benchmarks/results.md and .png
	@Benchmarks/Peers/run.sh peers

sample: ## Record Samples/desktop.jsonl.zst again (needs an X server: see Samples/README.md)
	Samples/record/record.sh

$(DIGESTS): FORCE
	swift build -c release --product itape-digests $(STATIC)

FORCE:

digests: packages $(DIGESTS) ## Write Tests/InputTapeDigests/digests.tsv again, where a change is meant
	$(DIGESTS) >Tests/InputTapeDigests/digests.tsv

vectors: build ## Make Specs/Vectors/v1 and Fuzz/Corpus again (needs Python 3.11 and zstandard)
	$(PYTHON) Specs/Vectors/make/make_vectors.py .build/release/itape
	$(PYTHON) Fuzz/make_seeds.py .build/release/itape

clean: ## Remove everything that was built
	rm -rf .build Benchmarks/.build Fuzz/.build Fuzz/.build-plain Fuzz/.build-coverage Fuzz/.build-corpus Fuzz/.build-test-corpus
