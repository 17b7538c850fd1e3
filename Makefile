# viber-rollcall. `make demo` and `make test` do all the set-up a fresh Debian or Ubuntu machine with Swift needs.

SHELL := /bin/bash
SWIFT ?= swift
BUILD_PACKAGES := libsqlite3-dev zlib1g-dev pkg-config
TEST_PACKAGES := python3 python3-venv gzip sqlite3 openssl
TEST_PYTHON := .build-python

.PHONY: demo build test lint check format sample clean system-packages test-packages

## Run the whole job on a made-up list against the sandbox: no token, no network.
demo: build
	./.build/release/viber-rollcall demo

## The binary: .build/release/viber-rollcall
build: system-packages
	$(SWIFT) build -c release --product viber-rollcall

## All tests; installs what they need where it may. Those that measure time run by themselves.
test: system-packages test-packages
	export VIBER_ROLLCALL_PYTHON="$$( [ -x $(TEST_PYTHON)/bin/python ] && echo $(CURDIR)/$(TEST_PYTHON)/bin/python )"; \
	$(SWIFT) test --explicit-target-dependency-import-check error --skip TimingTests && \
	$(SWIFT) test --explicit-target-dependency-import-check error --skip-build --filter TimingTests

## Style, without changing anything.
lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

## What CI runs.
check: lint test

## Mend the style.
format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

## Make reports/sample anew.
sample:
	RECORD_GOLDEN=1 $(SWIFT) test --filter SampleTests

clean:
	rm -rf .build .build-python

# Installs what is missing, as root or by sudo; else says exactly what to run.
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

# Tests whose tools are missing are skipped by name; in CI that is a failure.
test-packages:
	@$(call install,$(TEST_PACKAGES),0)
	@[ -x $(TEST_PYTHON)/bin/python ] && $(TEST_PYTHON)/bin/python -c 'import duckdb, pandas' 2>/dev/null \
	  || { python3 -m venv $(TEST_PYTHON) && $(TEST_PYTHON)/bin/pip install -q --disable-pip-version-check duckdb pandas; } \
	  || echo "No duckdb and pandas: the tests that need them are skipped." >&2
