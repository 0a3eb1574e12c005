# `make help` lists what there is to do. How things are compiled is CMake's to say: CMakePresets.json.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := release

export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)

venv := build/venv

.PHONY: release
release: dependencies  ## Build build/release/sgflow: static and hardened (plain `make`)
	cmake --preset release -DSGFLOW_AWS=ON >build/release.log
	cmake --build --preset release --target sgflow

# AWS's runtime takes longer to build than all else, and the example asks AWS nothing: it is left out
# where it is not there yet.
.PHONY: demo
demo:  ## Install what is missing, build, and enrich the example records
	scripts/packages.sh build
	scripts/dependencies.sh base
	cmake --preset release $(if $(wildcard build/deps/*/aws/stamp),,-DSGFLOW_AWS=OFF) \
	  >build/release.log
	cmake --build --preset release --target sgflow
	@scripts/demo.sh

.PHONY: test
test:  ## Install what only tests need, build and run every test
	scripts/packages.sh build test
	$(MAKE) -j 2 dependencies $(venv)/stamp
	$(MAKE) run-tests

.PHONY: run-tests
run-tests: dependencies $(venv)/stamp
	cmake --preset release -DSGFLOW_AWS=ON -DSGFLOW_TESTS=ON >build/release.log
	cmake --build --preset release
	scripts/test.sh release

.PHONY: test-slow
test-slow: release $(venv)/stamp  ## Run the tests of very many and very large files: minutes, gigabytes
	SGFLOW_BINARY=build/release/sgflow SGFLOW_SLOW_TESTS=1 $(venv)/bin/pytest \
	  -o cache_dir=build/pytest tests/end_to_end/test_batch_large.py tests/end_to_end/test_memory.py

.PHONY: oracle
oracle: release $(venv)/stamp  ## Hold the program against the oracle on 200,000 random records
	$(venv)/bin/python tests/oracle/compare.py --binary build/release/sgflow --pairs 200000 \
	  --seed 1 --jobs 2 --also sg_nearest --also peer_interface_id

.PHONY: asan
asan:  ## Run the C++ tests under the address and undefined-behaviour sanitizers
	scripts/packages.sh build test
	$(MAKE) run-asan

.PHONY: asan-program
asan-program:  ## The same, and the tests of the whole program too
	scripts/packages.sh build test
	$(MAKE) run-asan-program

.PHONY: run-asan run-asan-program
run-asan run-asan-program: export UBSAN_OPTIONS = print_stacktrace=1
run-asan: dependencies
	cmake --preset asan >build/asan.log
	cmake --build --preset asan --target all_tests
	ctest --preset asan -j $(shell nproc)

run-asan-program: dependencies $(venv)/stamp
	cmake --preset asan >build/asan.log
	cmake --build --preset asan
	scripts/test.sh asan

.PHONY: package
package:  ## Build the Lambda zips, their bills of materials, completions and the man page
	scripts/packages.sh build cross
	scripts/package.sh

.PHONY: package-test
package-test: package  ## Build them a second time and run them: arm64 in qemu, both in AWS's emulator
	scripts/packages.sh test package-test
	$(MAKE) $(venv)/stamp
	SGFLOW_PACKAGE=build/package $(venv)/bin/pytest -o cache_dir=build/pytest tests/package \
	  tests/deploy/test_emulated.py tests/deploy/test_calls.py

.PHONY: bench
bench:  ## Build and run the benchmarks
	scripts/packages.sh build bench
	$(MAKE) dependencies
	cmake --preset release -DSGFLOW_AWS=ON -DSGFLOW_BENCH=ON >build/release.log
	cmake --build --preset release
	scripts/bench.sh

.PHONY: lint
lint:  ## Check the format and the code of C++, shell and Python files
	scripts/packages.sh build test bench lint
	$(MAKE) dependencies $(venv)/stamp
	cmake --preset lint $(LINT_OPTIONS) >build/lint.log
	scripts/lint.sh

.PHONY: format
format:  ## Put the C++ and Python files into the project's format
	scripts/packages.sh lint test
	$(MAKE) $(venv)/stamp
	git ls-files -z '*.cc' '*.h' | xargs -0 -r clang-format-19 -i
	$(venv)/bin/ruff check --fix --quiet .
	$(venv)/bin/ruff format --quiet .

.PHONY: dependencies
dependencies:  ## Build the libraries that Debian has no static form of, once
	@scripts/dependencies.sh

.PHONY: clean
clean:  ## Remove what was built, all but those libraries and the tests' Python environment
	rm -rf build/release build/release-aarch64 build/package build/debug build/asan build/lint

.PHONY: help
help:  ## Show this list
	@awk -F ':.*  ## ' '/^[a-z-]+:.*  ## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

$(venv)/stamp: tests/requirements.txt
	rm -rf $(venv)
	python3 -m venv $(venv)
	$(venv)/bin/pip install --quiet --disable-pip-version-check --require-hashes \
	  --only-binary :all: --requirement $<
	touch $@
