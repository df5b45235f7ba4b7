# Bare `make` lists the recipes. Everything installs into .venv; nothing global is changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Twice quiet: errors alone, not the warnings of a machine's own settings.
PIP = $(BIN)/pip install -qq --disable-pip-version-check
override export Q := $(value Q)
.DEFAULT_GOAL := help
.PHONY: help ask chat serve index test check eval gate baseline schema manual wheel format campaign soak audit sbom reader encoder large kind curve clean

help: ## List the recipes
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

$(VENV)/installed: pyproject.toml
	@echo 'installing qa into $(VENV), once' >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

# torch comes first and pinned, so that a CPU build at hand is taken and nothing else pulls another one.
$(VENV)/installed-dev: $(VENV)/installed
	@echo 'installing what develops it, torch too' >&2
	@$(PIP) torch==2.13.0
	@$(PIP) --editable '.[dev]'
	@touch $@

# The server that tests/test_milvus_server.py runs; its wheel is for Linux alone and needs nothing else.
$(VENV)/milvus/installed: $(VENV)/installed
	@$(PYTHON) -m venv $(VENV)/milvus
	@$(VENV)/milvus/bin/pip install -qq --disable-pip-version-check --no-deps milvus==2.3.5
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

manual: $(VENV)/installed ## Write the manual page and the completions from what --help says
	$(BIN)/python -m qa.cli.manual packaging

wheel: $(VENV)/installed-dev ## Build the wheel and the sdist into dist
	$(BIN)/python -m hatchling build

format: $(VENV)/installed-dev ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

campaign: $(VENV)/installed-dev ## Attack what docs/guarantees.md promises, for some minutes
	$(BIN)/python benchmarks/campaign.py

bench: $(VENV)/installed-dev ## Time and memory beside peers, and how they grow, into README.md and artefacts/bench.svg
	$(BIN)/python benchmarks/bench.py --readme

soak: $(VENV)/installed-dev ## Ask a server for ten minutes; memory, descriptors, threads, tasks in artefacts/soak.svg
	@mkdir -p artefacts
	$(BIN)/python benchmarks/soak.py --plot artefacts/soak.svg

# Tools that look at the environment stand beside it, so that they are no part of what they look at.
$(VENV)/tools: $(VENV)/installed
	$(PYTHON) -m venv $(VENV)/tools
	$(VENV)/tools/bin/pip install -qq pip-audit cyclonedx-bom

audit: $(VENV)/tools ## Hold what is installed to known vulnerabilities; asks the network
	$(BIN)/pip freeze --exclude-editable >$(VENV)/frozen.txt
	$(VENV)/tools/bin/pip-audit --no-deps --disable-pip --requirement $(VENV)/frozen.txt

sbom: $(VENV)/tools ## Write what is installed as CycloneDX into artefacts/sbom.json
	@mkdir -p artefacts
	$(VENV)/tools/bin/cyclonedx-py environment $(VENV) --pyproject pyproject.toml --output-file artefacts/sbom.json

# --- training: hours on two cores; what is finished is skipped, a stopped stage goes on from its checkpoint ----

$(VENV)/installed-training: $(VENV)/installed-dev
	@$(PIP) --editable '.[dev,training]'
	@touch $@

DATA ?= ../shared/data
RUNS ?= runs
CURVE ?= 40 80 160 453
LARGE_BASE ?= all-mpnet-base-v2
RECIPE = $(BIN)/python -m training.recipe

encoder: $(VENV)/installed-training ## Train the encoder and write it into the package
	$(RECIPE) encoder --data $(DATA) --runs $(RUNS)

reader: $(VENV)/installed-training ## Train the reader, after the encoder; calibrate it, write it into the package
	$(RECIPE) reader --data $(DATA) --runs $(RUNS)

large: $(VENV)/installed-training ## Train the large reader, after the reader; write it into the package, calibrate it
	$(RECIPE) large --base $(LARGE_BASE) --data $(DATA) --runs $(RUNS)

kind: $(VENV)/installed-training ## Fit what tells the kind of a question, after the encoder; write it into the package
	$(BIN)/python -m training.kind --out qa/models/weights/kind

curve: $(VENV)/installed-training ## Train alike on more and more films, for the report's learning curve
	$(RECIPE) curve --data $(DATA) --runs $(RUNS) --films $(CURVE)

clean: ## Remove the virtual environment and the index
	rm -rf $(VENV) index/CURRENT index/CORPUS index/.lock index/.building index/.build-* index/[0-9a-f]*
