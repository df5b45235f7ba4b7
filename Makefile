# Bare `make` lists the recipes. Everything installs into .venv; nothing global is changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
override export Q := $(value Q)
.DEFAULT_GOAL := help
.PHONY: help ask chat serve index test check format clean

help: ## List the recipes
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

# torch comes first and pinned, so that a CPU build at hand is taken and nothing else pulls another one.
$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet torch==2.13.0
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

ask: $(VENV)/installed ## Ask a question: make ask Q="Who made the clay figures?"
	@test -n "$$Q" || { echo 'usage: make ask Q="Who made the clay figures?"' >&2; exit 2; }
	@$(BIN)/qa ask -- "$$Q" || test $$? -eq 3

chat: $(VENV)/installed ## Ask one question after another
	@$(BIN)/qa chat

serve: $(VENV)/installed ## Serve the page and the API on http://127.0.0.1:8000/
	@$(BIN)/qa serve

index: $(VENV)/installed ## Build the index, or renew it
	@$(BIN)/qa index

test: $(VENV)/installed-dev ## Run the test suite
	$(BIN)/pytest

check: $(VENV)/installed-dev ## Everything that must hold: format, lint, types, layers, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

format: $(VENV)/installed-dev ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove the virtual environment and the index
	rm -rf $(VENV) index/CURRENT index/.lock index/.build-* index/[0-9a-f]*
