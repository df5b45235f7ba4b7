# Bare `make` lists the recipes. Everything installs into .venv; nothing global is changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
override export Q := $(value Q)
.DEFAULT_GOAL := help
.PHONY: help ask chat serve index test check eval gate baseline schema format reader encoder curve clean

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

schema: $(VENV)/installed ## Write the JSON Schema of an answer from its shape in qa/render.py
	$(BIN)/python -m qa.web.schema >answer.schema.json.new && mv answer.schema.json.new qa/answer.schema.json

format: $(VENV)/installed-dev ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# --- training: hours on two cores; a stopped run goes on from its checkpoint -----------------------------------

$(VENV)/installed-training: $(VENV)/installed-dev
	$(BIN)/pip install --quiet --editable '.[dev,training]'
	@touch $@

DATA ?= ../shared/data
RUNS ?= runs
BASE = $(shell $(BIN)/python -c "from qa.models.sentence_encoder import *; print(model_folder(BASE_ENCODER))")
TRAIN = PYTHONPATH=. HF_HUB_OFFLINE=1 $(BIN)/python training

encoder: $(VENV)/installed-training ## Train the encoder and write it into the package
	$(TRAIN)/encoder.py train --base $(BASE) --data $(DATA) --films training/films --out $(RUNS)/encoder \
		--rate 4e-5 --public-share 0.15 --seed 3
	$(TRAIN)/export.py encoder --start $(RUNS)/encoder/model --data $(DATA) --out $(RUNS)/encoder
	$(TRAIN)/package.py encoder $(RUNS)/encoder qa/models/weights/encoder

READER = $(TRAIN)/reader.py
READER_DATA = --base $(BASE) --data $(DATA)
READER_FILMS = $(READER_DATA) --films training/films --encoder $(RUNS)/encoder/model

# Public questions; from there the films, and more public questions; the films again from the mean of both. From the mean
# of the two readers that saw the films two more go on, each with its own draw of questions; the mean of those two ships.
reader: $(VENV)/installed-training ## Train the reader, after the encoder; calibrate it, write it into the package
	$(READER) public $(READER_DATA) --out $(RUNS)/reader/public1
	$(READER) films $(READER_FILMS) --start $(RUNS)/reader/public1 --out $(RUNS)/reader/films1 \
		--rate 8e-5 --passes 2 --minutes 47 --seed 1
	$(READER) public $(READER_DATA) --start $(RUNS)/reader/public1 --out $(RUNS)/reader/public2 --minutes 57 --seed 11
	$(TRAIN)/average.py $(RUNS)/reader/films1 $(RUNS)/reader/public2 --out $(RUNS)/reader/mean1
	$(READER) films $(READER_FILMS) --start $(RUNS)/reader/mean1 --out $(RUNS)/reader/films2 \
		--rate 8e-5 --passes 1 --minutes 34 --public-share 0.2 --seed 21
	$(TRAIN)/average.py $(RUNS)/reader/films1 $(RUNS)/reader/films2 --out $(RUNS)/reader/mean2
	$(READER) films $(READER_FILMS) --start $(RUNS)/reader/mean2 --out $(RUNS)/reader/films3 \
		--passes 2 --minutes 92 --public-share 0.4 --seed 41
	$(READER) films $(READER_FILMS) --start $(RUNS)/reader/mean2 --out $(RUNS)/reader/films4 \
		--passes 1 --minutes 64 --public-share 0.25 --seed 42
	$(TRAIN)/average.py $(RUNS)/reader/films3 $(RUNS)/reader/films4 --out $(RUNS)/reader/mean3
	$(READER) films $(READER_FILMS) --start $(RUNS)/reader/mean3 --out $(RUNS)/reader/films5 \
		--passes 1 --minutes 84 --public-share 0.25 --seed 62
	$(READER) films $(READER_FILMS) --start $(RUNS)/reader/mean3 --out $(RUNS)/reader/films6 \
		--passes 1 --minutes 76 --public-share 0.4 --seed 61
	$(TRAIN)/average.py $(RUNS)/reader/films3 $(RUNS)/reader/films4 $(RUNS)/reader/films5 $(RUNS)/reader/films6 \
		--out $(RUNS)/reader/average
	$(TRAIN)/export.py reader --base $(BASE) --start $(RUNS)/reader/average --data $(DATA) --out $(RUNS)/reader
	$(TRAIN)/package.py reader $(RUNS)/reader qa/models/weights/reader
	$(TRAIN)/calibrate.py --data $(DATA) --reader qa/models/weights/reader --gold tests/gold/missing-picture.jsonl \
		--details $(RUNS)/reader/dev.json
	$(TRAIN)/report.py --reader $(RUNS)/reader --encoder $(RUNS)/encoder --out $(RUNS)/report.html

CURVE ?= 40 80 160 453
curve: $(VENV)/installed-training ## Train alike on more and more films, for the report's learning curve
	for films in $(CURVE); do \
		run=$(RUNS)/reader/curve-$$films; \
		$(READER) films $(READER_FILMS) --start $(RUNS)/reader/public2 --out $$run --most-films $$films \
			--most-steps 300 --passes 2 --public-share 0.2 --minutes 60 --seed 51 && \
		$(TRAIN)/export.py reader --base $(BASE) --start $$run --out $$run --unmeasured && \
		$(TRAIN)/package.py reader $$run $$run/package && \
		$(TRAIN)/calibrate.py --data $(DATA) --reader $$run/package --gold tests/gold/missing-picture.jsonl \
			--details $$run/dev.json || exit 1; \
	done

clean: ## Remove the virtual environment and the index
	rm -rf $(VENV) index/CURRENT index/.lock index/.build-* index/[0-9a-f]*
