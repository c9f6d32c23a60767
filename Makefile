# `make` alone lists what there is to make.

PYTHON ?= python3
PORT ?= 8501
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
UV_VERSION := 0.13.9
BROWSER := chromium fonts-liberation libatomic1

.DEFAULT_GOAL := help

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' \
		$(MAKEFILE_LIST)

.PHONY: run
run: $(READY) ## Open the dashboard on this machine (PORT=8501)
	@exec $(BIN)/python -m dashboard run --port $(PORT)

.PHONY: setup
setup: $(READY) ## Make .venv and install everything that requirements.lock names

# The stamp is older than the lock after each change of the lock, and then all is
# installed anew. Wheels only: nothing that was downloaded runs during installation.
$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12"; \
		exit 1; }
	@echo "Setting up $(VENV); this takes a minute, and only after a change of" \
		"requirements.lock."
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "Python's venv is missing; on Debian: apt-get install python3-venv"; \
		exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--only-binary :all: --require-hashes -r requirements.lock
	@touch $@

.PHONY: test
test: $(READY) browser ## Run every test, those in a browser too (ARGS="-k map")
	$(BIN)/python -m pytest $(ARGS)

# Debian's Chromium, and libatomic, which Playwright's driver needs and Debian's smallest
# installation lacks.
.PHONY: browser
browser: $(READY)
	@if { [ -n "$$CHROMIUM" ] || command -v chromium; } >/dev/null \
		&& $(BIN)/playwright --version >/dev/null 2>&1; then \
		exit 0; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $(BROWSER) for the browser tests."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
			--no-install-recommends $(BROWSER) >/dev/null; \
	else \
		echo "The browser tests need Chromium. On Debian:"; \
		echo "  sudo apt-get install $(BROWSER)"; \
		echo "Elsewhere, say where it is: make test CHROMIUM=/path/to/chromium"; \
		echo "All other tests run without it: make test-quick"; \
		exit 1; \
	fi

.PHONY: test-quick
test-quick: $(READY) ## Run the tests that need no browser
	$(BIN)/python -m pytest -m "not browser" $(ARGS)

.PHONY: lint
lint: $(READY) ## Check style and types
	@fault=0; \
	$(BIN)/ruff check . || fault=1; \
	$(BIN)/ruff format --check . || fault=1; \
	$(BIN)/mypy || fault=1; \
	exit $$fault

.PHONY: format
format: $(READY) ## Format the code and mend what ruff can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: check
check: $(READY) ## Hold the tables to their contract (FOLDER= for a contribution)
	$(BIN)/python -m data check $(FOLDER)

.PHONY: bench
bench: $(READY) ## Measure how long the dashboard takes
	@if [ -d benchmarks ]; then $(BIN)/python -m benchmarks $(ARGS); \
	else echo "There is nothing to measure yet: no folder benchmarks."; fi

# uv keeps the versions that the lock has, unless UPGRADE=1 asks for the newest.
.PHONY: lock
lock: ## Write requirements.lock anew from requirements-dev.txt (UPGRADE=1)
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check \
		uv==$(UV_VERSION)
	build/lock/bin/uv pip compile requirements-dev.txt --quiet $(if $(UPGRADE),--upgrade) \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links \
		--output-file requirements.lock

.PHONY: clean
clean: ## Remove .venv and what checks and tests leave behind
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
