# Bare `make` lists the recipes. Everything installs into .venv; nothing global is changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
override export Q := $(value Q)
.DEFAULT_GOAL := help
.PHONY: help ask chat serve index test check eval gate baseline format reader encoder clean

help: ## List the recipes
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	@touch $@

# torch comes first and pinned, so that a CPU build at hand is taken and nothing else pulls another one.
$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet torch==2.13.0
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

eval: $(VENV)/installed ## Measure the answers to the gold set; the report is artefacts/evaluation.html
	$(BIN)/qa eval --html artefacts/evaluation.html

gate: $(VENV)/installed ## Fail if the gold test split is answered significantly worse than the baseline
	$(BIN)/qa eval --check
	$(BIN)/qa eval --split test --gate tests/gold/baseline.json

baseline: $(VENV)/installed ## Measure the baseline anew, and the README's table with it
	$(BIN)/qa eval --split test --write-baseline tests/gold/baseline.json
	$(BIN)/python benchmarks/figures.py

format: $(VENV)/installed-dev ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# --- training: hours on two cores; a stopped run goes on from its checkpoint -----------------------------------

DATA ?= ../shared/data
RUNS ?= runs
BASE = $(shell $(BIN)/python -c "from qa.sentence_encoder import *; print(model_folder(BASE_ENCODER))")
TRAIN = PYTHONPATH=. HF_HUB_OFFLINE=1 $(BIN)/python training

encoder: $(VENV)/installed-dev ## Train the encoder and write it into the package
	$(TRAIN)/encoder.py train --base $(BASE) --data $(DATA) --films training/films --out $(RUNS)/encoder
	$(TRAIN)/export.py encoder --start $(RUNS)/encoder/model --data $(DATA) --out $(RUNS)/encoder
	$(TRAIN)/package.py encoder $(RUNS)/encoder qa/models/encoder

reader: $(VENV)/installed-dev ## Train the reader, calibrate it, and write it into the package
	$(TRAIN)/reader.py public --base $(BASE) --data $(DATA) --out $(RUNS)/reader/stage1
	$(TRAIN)/reader.py films --base $(BASE) --data $(DATA) --films training/films --start $(RUNS)/reader/stage1 \
		--out $(RUNS)/reader/stage2 --rate 8e-5 --minutes 27 --seed 1
	$(TRAIN)/reader.py films --base $(BASE) --data $(DATA) --films training/films --start $(RUNS)/reader/stage2 \
		--out $(RUNS)/reader/stage3 --rate 6e-5 --passes 1 --public-share 0.2 --minutes 20 --seed 1
	$(TRAIN)/average.py $(RUNS)/reader/stage2 $(RUNS)/reader/stage3 --out $(RUNS)/reader/average
	$(TRAIN)/export.py reader --base $(BASE) --start $(RUNS)/reader/average --data $(DATA) --out $(RUNS)/reader
	$(TRAIN)/package.py reader $(RUNS)/reader qa/models/reader
	$(TRAIN)/calibrate.py --data $(DATA) --reader qa/models/reader --gold tests/gold/missing-picture.jsonl

clean: ## Remove the virtual environment and the index
	rm -rf $(VENV) index/CURRENT index/.lock index/.build-* index/[0-9a-f]*
