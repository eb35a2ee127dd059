# Everything runs in .venv, made from requirements.lock when it is missing or out of date.
# `make help` lists the targets from their ## comments.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

VENV := .venv
BIN := $(VENV)/bin
# Inside the environment, so that deleting it deletes the mark.
INSTALLED := $(VENV)/installed
PYTEST := $(BIN)/python -m pytest
PYTEST_ARGS ?=
FUZZ_MINUTES ?= 5
FUZZ_SEED ?= 1
LOCK := $(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --quiet --custom-compile-command 'make lock' \
	--output-file requirements.lock

# The first Python that is new enough; `make PYTHON=… demo` picks another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)

.PHONY: help
help: ## List the targets.
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name what; do \
		printf '  make %-10s %s\n' "$$name" "$$what"; done

.PHONY: demo
demo: $(INSTALLED) ## Stream a dirty sample from Kafka to profiles, and show what happened.
	@$(BIN)/penstock demo

.PHONY: test
test: $(INSTALLED) ## Run the whole suite (PYTEST_ARGS="-k offsets" for a part).
	@$(PYTEST) -n auto --maxprocesses 4 --dist loadgroup $(PYTEST_ARGS)

.PHONY: check
check: $(INSTALLED) ## Check style and types, and run the tests that need no server.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy adapter connectors
	@$(BIN)/sqlfluff lint models
	@$(PYTEST) -q tests/unit

.PHONY: fix
fix: $(INSTALLED) ## Format the code and mend what the linters can.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --quiet models

.PHONY: bench
bench: $(INSTALLED) ## Measure throughput and freshness, printed as ratios.
	@$(BIN)/python -m benchmarks

SCALE ?= 0.1
.PHONY: tpch nexmark
tpch: $(INSTALLED) ## Run TPC-H's 22 queries as views, at SCALE=0.1, with figures.
	@$(BIN)/python -m benchmarks.suites tpch --scale $(SCALE)

nexmark: $(INSTALLED) ## Run Nexmark's queries as views, at SCALE=0.1, with figures.
	@$(BIN)/python -m benchmarks.suites nexmark --scale $(SCALE)

.PHONY: soak
soak: $(INSTALLED) ## Run the random tests for long (SOAK_EXAMPLES=2000).
	@HYPOTHESIS_PROFILE=soak $(PYTEST) tests/engine tests/faults $(PYTEST_ARGS)

.PHONY: fuzz
fuzz: $(INSTALLED) ## Look for views that differ from their SELECT (FUZZ_MINUTES=5 FUZZ_SEED=1).
	@$(BIN)/python -m penstock.testing.fuzz --minutes $(FUZZ_MINUTES) --seed $(FUZZ_SEED)

.PHONY: golden
golden: $(INSTALLED) ## Rewrite the expected SQL of tests/engine/golden and docs/coverage.md; review the diff.
	@PENSTOCK_GOLDEN=rewrite $(PYTEST) -q tests/engine -k golden

.PHONY: lock
lock: $(INSTALLED) ## Pin what pyproject.toml asks for (LOCK_ARGS=--upgrade for newer versions).
	@$(LOCK) $(LOCK_ARGS)

.PHONY: venv
venv: $(INSTALLED) ## Make .venv, or bring it up to date.

# Hashes for everything that is downloaded; then our own package, with nothing to download.
$(INSTALLED): requirements.lock pyproject.toml
	@test -n '$(PYTHON)' || { echo 'error: Python 3.11, 3.12 or 3.13 is missing'; exit 1; }
	@test -x $(BIN)/python || { echo 'making $(VENV) (about a minute, once)'; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
