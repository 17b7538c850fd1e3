# viber-rollcall. `make demo` and `make test` do all the set-up a fresh Debian or Ubuntu machine with Swift needs.

SHELL := /bin/bash
SWIFT ?= swift
BUILD_PACKAGES := libsqlite3-dev zlib1g-dev pkg-config
TEST_PACKAGES := python3 python3-venv gzip sqlite3 openssl strace util-linux iproute2
# Separate, so that the other packages are installed even if this one does not exist.
TEST_BROWSER := chromium
TEST_PYTHON := .build-python
# Swift Testing adds -swift-testing before the suffix of this name.
RESULTS := .build/results

# Tests start servers and other processes; with more tests at once on few cores they would exceed their time limits.
WIDTH := $(shell $(SWIFT) test --help-hidden 2>/dev/null | grep -qe --experimental-maximum-parallelization-width \
  && echo --experimental-maximum-parallelization-width 4)
TEST := $(SWIFT) test --explicit-target-dependency-import-check error

.PHONY: demo build test cases lint check format sample model model-kills kill-loop syscall-faults power-loss lived-in prune-histories echoed-secret cron-mail mutants fuzz \
  fuzz-short scanned-bodies bench bench-times instructions hot-path clean system-packages test-packages lint-packages

## Run the whole job on a sample list against the sandbox: no token, no network.
demo: build
	./.build/release/viber-rollcall demo

## Build .build/release/viber-rollcall. The Swift runtime is linked in: it starts faster, and needs none installed.
build: system-packages
	$(SWIFT) build -c release --static-swift-stdlib --product viber-rollcall

## Run all tests, after installing what they need if permitted. Tests that measure time run separately.
test: system-packages test-packages
	export VIBER_ROLLCALL_PYTHON="$$( [ -x $(TEST_PYTHON)/bin/python ] && echo $(CURDIR)/$(TEST_PYTHON)/bin/python )"; \
	rm -f $(RESULTS)*.xml; \
	$(TEST) --skip TimingTests $(WIDTH) --xunit-output $(RESULTS).xml && \
	$(TEST) --skip-build --filter TimingTests --xunit-output $(RESULTS)-timing.xml

## Check that every case of the fault matrix has tests that passed. Reads the results of `make test`.
cases:
	python3 -B Tests/Checkers/check_cases.py Tests/README.md $(RESULTS)-swift-testing.xml $(RESULTS)-timing-swift-testing.xml

STYLED := Sources Tests Benchmarks Package.swift

## Check style, house rules and imports, without changing anything.
lint: lint-packages
	python3 -B Tests/Checkers/lint_sources.py
	python3 -B Tests/Checkers/check_structure.py
	$(SWIFT) format lint --strict --recursive $(STYLED)

## Run lint and test.
check: lint test

## Format the sources.
format:
	$(SWIFT) format --in-place --recursive $(STYLED)

## Regenerate reports/sample.
sample:
	RECORD_GOLDEN=1 $(SWIFT) test --filter SampleTests

## 200 random runs, none of which may lose anything.
model:
	VIBER_ROLLCALL_MODEL_RUNS=200 $(TEST) --filter ModelRunTests

## 100 runs, killed at random moments and restarted until they are done.
kill-loop:
	$(SWIFT) build --product viber-rollcall
	python3 -B Tests/Campaigns/kill_loop.py .build/debug/viber-rollcall --rounds 100

## 200 random runs with API faults and kills.
model-kills:
	$(SWIFT) build --product viber-rollcall
	python3 -B Tests/Campaigns/kill_loop.py .build/debug/viber-rollcall --rounds 200 --faults

## 1,000 random histories, damaged, copied and mixed: compares prune-list with an independent script.
prune-histories:
	$(SWIFT) build --product viber-rollcall
	python3 -B Tests/Campaigns/prune_proofs.py
	python3 -B Tests/Campaigns/prune_histories.py .build/debug/viber-rollcall --rounds 1000

## A server echoes the token everywhere, in every form; no output may contain it.
echoed-secret:
	$(SWIFT) build --product viber-rollcall
	python3 -B Tests/Campaigns/echoed_secret.py .build/debug/viber-rollcall

## Make each system call that changes the disk fail, or kill the run at it.
syscall-faults: test-packages
	$(SWIFT) build --product viber-rollcall
	python3 -B Tests/Campaigns/syscall_faults.py .build/debug/viber-rollcall

## Simulate a power loss after each system call, and check what is on disk.
power-loss: test-packages
	$(SWIFT) build --product viber-rollcall
	python3 -B Tests/Campaigns/power_loss.py .build/debug/viber-rollcall

## Use one output directory with its owner, root, copies, edits, full disks and kills. Needs root.
lived-in: test-packages
	$(SWIFT) build --product viber-rollcall
	python3 -B Tests/Campaigns/lived_in.py .build/debug/viber-rollcall --rounds 60

## Run the cron template of this repository with the real cron. Needs root, and waits for the next full minute.
cron-mail:
	@$(call install,cron,1)
	$(SWIFT) build --product viber-rollcall
	python3 -B Tests/Campaigns/cron_mail.py .build/debug/viber-rollcall

## Apply one mutant at a time; each time a test must fail. Takes half an hour.
mutants: test-packages
	python3 -B Tests/Mutants/run.py

# Fuzz targets and benchmarks are built apart from the product; an environment variable enables them in Package.swift.
TOOLS := .build-tools
FUZZ := .build-fuzz
BUILD_FUZZ := VIBER_ROLLCALL_FUZZ=1 $(SWIFT) build -c release --scratch-path $(TOOLS)
FUZZ_TARGETS := $(patsubst Tests/Fuzz/fuzz-%,%,$(wildcard Tests/Fuzz/fuzz-*))
FUZZ_SECONDS ?= 300

## Fuzz the readers of server answers, URL, token, list and work files, FUZZ_SECONDS per target. A finding is a failure.
fuzz:
	$(BUILD_FUZZ)
	@failed=0; for target in $(FUZZ_TARGETS); do \
	  mkdir -p $(FUZZ)/corpus/$$target $(FUZZ)/findings; log=$(FUZZ)/$$target.log; \
	  if SWIFT_BACKTRACE=enable=no $(TOOLS)/release/fuzz-$$target -max_total_time=$(FUZZ_SECONDS) -max_len=2048 \
	    -timeout=10 -use_value_profile=1 -dict=Tests/Fuzz/Dictionaries/$$target -artifact_prefix=$(FUZZ)/findings/$$target- \
	    $(FUZZ)/corpus/$$target Tests/Fuzz/Corpus/$$target >$$log 2>&1; \
	  then sed -n "s/^Done \([0-9]* runs\).*/$$target: \1, $$(sed -n 's/.*DONE *cov: \([0-9]*\).*/\1/p' $$log) edges/p" $$log; \
	  else failed=1; echo "$$target: failed, see $$log"; grep -a -E 'broken:|SUMMARY|Test unit' $$log; fi; \
	done; exit $$failed

fuzz-short: FUZZ_SECONDS = 10
fuzz-short: fuzz

## Twelve million answers, half of them malformed: the scanner must agree with the decoder or leave the answer to it.
scanned-bodies:
	$(BUILD_FUZZ) --product fuzz-scanner
	mkdir -p $(FUZZ)/findings $(FUZZ)/bodies
	SWIFT_BACKTRACE=enable=no $(TOOLS)/release/fuzz-scanner -runs=120000 -max_len=64 -timeout=60 \
	  -artifact_prefix=$(FUZZ)/findings/scanner- $(FUZZ)/bodies Tests/Fuzz/Corpus/scanner

HOT_PATH := $(TOOLS)/release/hot-path
BENCHMARKS := VIBER_ROLLCALL_BENCHMARKS=1 $(SWIFT)

hot-path: system-packages
	$(BENCHMARKS) build -c release --scratch-path $(TOOLS) --product hot-path

## Measure the figures of speed and memory in docs/performance.md, with nothing but this repository.
bench: build hot-path
	python3 -B Benchmarks/figures.py .build/release/viber-rollcall $(HOT_PATH) --large

## Measure the time of the hot paths with package-benchmark.
bench-times: system-packages
	$(BENCHMARKS) package --scratch-path $(TOOLS) benchmark

## Compare the instructions per id of the hot paths with their limits. A busy machine does not change them.
instructions: hot-path
	@$(call install,valgrind binutils,1)
	python3 -B Benchmarks/instructions.py $(HOT_PATH)

clean:
	rm -rf .build .build-python $(FUZZ) $(TOOLS)

# Installs missing packages as root or with sudo; otherwise prints the command to run.
define install
	missing=""; for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	run=""; [ "$$(id -u)" = 0 ] || run="sudo -n"; \
	if command -v apt-get >/dev/null && $$run true 2>/dev/null; then \
	  export DEBIAN_FRONTEND=noninteractive; \
	  { $$run apt-get install -y -q $$missing || { $$run apt-get update -q && $$run apt-get install -y -q $$missing; }; } \
	    >/dev/null && exit 0; \
	fi; \
	echo "Missing:$$missing. Run: sudo apt-get install$$missing" >&2; exit $(2)
endef

system-packages:
	@$(call install,$(BUILD_PACKAGES),1)

lint-packages:
	@command -v python3 >/dev/null || { $(call install,python3,1); }

# Tests whose tools are missing are skipped with the name of the tool; in CI they fail.
test-packages:
	@$(call install,$(TEST_PACKAGES),0)
	@$(call install,$(TEST_BROWSER),0)
	@[ -x $(TEST_PYTHON)/bin/python ] && $(TEST_PYTHON)/bin/python -c 'import duckdb, pandas' 2>/dev/null \
	  || { python3 -m venv $(TEST_PYTHON) && $(TEST_PYTHON)/bin/pip install -q --disable-pip-version-check duckdb pandas; } \
	  || echo "No duckdb and pandas: the tests that need them are skipped." >&2
