# What a person types. `make demo` and `make test` need python3 (3.11 or newer) with venv, and pip; they install the rest into .venv.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help demo test test-long bench check lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/run.stamp  ## news comes in from a small press on this machine, and is compared with the seeds
	@$(BIN)/wirewatch demo

test: .venv/dev.stamp .venv/browser.stamp  ## every test that takes seconds
	@$(BIN)/python -m pytest -q -n 2 -m "not long"

test-long: .venv/dev.stamp  ## the tests that take minutes
	@$(BIN)/python -m pytest -q -n 2 -m long

bench: .venv-bench/stamp  ## what the benches put beside ours, into .venv-bench

# Apart from .venv: what is only measured against must not change what is tested.
.venv-bench/stamp: .venv/dev.stamp
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@$(BIN)/uv pip install --quiet --python .venv-bench/bin/python -c constraints.txt --editable '.[languages]' --group bench
	@touch $@

check: .venv/dev.stamp  ## format, lint, types, contracts, lock files
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@! grep -n '://' requirements.lock requirements-dev.lock constraints.txt || { echo 'an address stands in a lock file'; exit 1; }

lock: .venv/dev.stamp  ## new lock files from pyproject.toml
	@$(COMPILE) pyproject.toml --group build --generate-hashes -o requirements.lock
	@$(COMPILE) pyproject.toml --group dev --generate-hashes -o requirements-dev.lock
	@$(COMPILE) pyproject.toml --group dev --no-annotate -o constraints.txt

clean:  ## forgets .venv and caches
	@rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A hashed lock installs exactly what was tried; the project itself comes last, built by what the lock brought (no build isolation, no index).
.venv/run.stamp: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo 'installing what wirewatch needs into .venv …'
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo 'installing what the tests need into .venv …'
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-dev.lock
	@touch $@

# A real browser for the test of the page: Debian's, where we may install it. Elsewhere that test is skipped and says so; with CI=true it fails instead.
.venv/browser.stamp: .venv/run.stamp
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then \
		echo 'installing chromium for the test of the page …'; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 || true; \
	fi
	@if command -v chromium >/dev/null; then touch $@; else echo 'no chromium here and none to be had: the test of the page is skipped'; fi
