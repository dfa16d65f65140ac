# chithi: every target is listed by `make help`.
.DEFAULT_GOAL := help
SHELL := bash

INPUT ?= corpus
OUTPUT ?= outputs
JOBS ?= $(shell nproc)
GOLD ?= tests/gold/corpus
BEFORE ?=
TEXT ?=
SECONDS ?= 600
SEED ?=
CHITHI := .venv/bin/chithi
PYTHON := .venv/bin/python

.PHONY: help setup ingest setup-cluster setup-dev setup-bench setup-peer test check unit fix evaluate \
        bench bench-reading bench-restoration bench-extraction bench-linking bench-nights bench-throughput \
        model corpus notebook docs lock torture fuzz clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what ingest needs (ingest and test do it themselves)
	@scripts/set-up run

ingest: setup ## read the documents of INPUT=corpus into tables under OUTPUT=outputs, JOBS at a time
	@$(CHITHI) ingest "$(INPUT)" --output "$(OUTPUT)" --jobs "$(JOBS)"

setup-cluster: ## install what ingest --scheduler and the workers of a cluster need as well
	@scripts/set-up cluster

setup-dev:
	@scripts/set-up dev

setup-bench:
	@scripts/set-up bench

test: setup-dev check unit ## lint, check types, run all tests

check: setup-dev ## lint and check types; changes nothing
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

unit: setup-dev
	@.venv/bin/pytest

fix: setup-dev ## format the code and mend what the linter can mend
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

evaluate: setup ## score the tables of corpus/ against their gold (OUTPUT, GOLD); BEFORE=an earlier snapshot: rows won and lost
	@$(CHITHI) ingest "$(INPUT)" --output "$(OUTPUT)" --jobs "$(JOBS)" --quiet
	@$(CHITHI) evaluate "$(OUTPUT)" "$(GOLD)" $(if $(BEFORE),--before "$(BEFORE)")

bench: bench-reading bench-restoration bench-extraction bench-linking bench-nights bench-throughput ## run all of the benchmarks below

bench-reading: setup-bench ## reading: error rate and speed against raw tesseract and, after `make setup-peer`, OCRmyPDF
	@$(PYTHON) -m benchmarks.reading --peer

setup-peer: ## install OCRmyPDF in .venv-peer, for `python -m benchmarks.reading --peer` to compare with
	@test -x .venv-peer/bin/python || python3 -m venv .venv-peer
	@.venv-peer/bin/python -m pip install --quiet --disable-pip-version-check "ocrmypdf==17.13.0"
	@command -v unpaper >/dev/null || echo "setup-peer: its clean-up needs unpaper: apt-get install unpaper" >&2

bench-restoration: setup-bench ## restoration: accuracy and speed against peers
	@OPENBLAS_NUM_THREADS=1 $(PYTHON) -m benchmarks.restoration

bench-extraction: setup-dev ## extraction: speed of each stage on born-digital text
	@$(PYTHON) -m benchmarks.extraction

bench-linking: setup-dev ## linking: precision, recall and cost on a simulated archive
	@$(PYTHON) -m benchmarks.linking

bench-nights: setup-dev ## a night over an archive of 100 000 simulated documents, with and without news; memory
	@$(PYTHON) -m benchmarks.nights

bench-throughput: setup-dev ## what runs cost over the bare stages, what a second core brings, raw tesseract
	@$(PYTHON) -m benchmarks.throughput

model: setup-dev ## learn the language model from the folder TEXT=…
	@test -n "$(TEXT)" || { echo "make model TEXT=<folder of .txt or .txt.xz files>" >&2; exit 2; }
	@OPENBLAS_NUM_THREADS=1 $(PYTHON) -m pipeline.restore.train "$(TEXT)" pipeline/restore/model

corpus: ## print and damage the documents of corpus/ anew
	@scripts/set-up corpus
	@.venv-corpus/bin/python -m scripts.corpus

notebook: setup-dev ## run notebooks/quickstart.ipynb on the tables of OUTPUT, made from INPUT; keep the result there
	@CHITHI_INPUT="$(abspath $(INPUT))" CHITHI_OUTPUT="$(abspath $(OUTPUT))" \
	    .venv/bin/jupyter-execute --log-level=ERROR --output="$(abspath $(OUTPUT))/quickstart.ipynb" notebooks/quickstart.ipynb
	@echo "$(OUTPUT)/quickstart.ipynb holds the tables and pictures"

docs: setup-dev ## write the generated pages of docs/ anew, and the picture of the tables of OUTPUT
	@$(PYTHON) -m scripts.write_docs
	@test ! -e "$(OUTPUT)/current" || $(PYTHON) -m scripts.draw_tables "$(OUTPUT)"

lock: setup-dev ## resolve the versions of requirements*.lock anew
	@scripts/lock

torture: setup-dev ## fault injection that takes long: kills, full disks, malformed files
	@.venv/bin/pytest tests/faults -m torture

fuzz: setup-dev ## read damaged copies of files for SECONDS=600, from SEED= on; what breaks a reader is a finding
	@nice $(PYTHON) -m tests.faults.fuzz "$(SECONDS)" $(SEED)

clean: ## remove what set-up and runs have made
	rm -rf .venv .venv-corpus .venv-peer build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find outputs -mindepth 1 ! -name .gitkeep -delete
