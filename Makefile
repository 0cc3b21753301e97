# Everything runs in a virtual environment of its own, with the versions that were tested.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

MINUTES ?= 1

.PHONY: demo test fuzz bench recovery lint snapshots manual clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

demo: $(READY)  ## Compare the options for Orchard House and say where the results lie
	$(BIN)/stepdown compare orchard-house

test: $(READY)  ## Run all the tests
	$(BIN)/python -m pytest --numprocesses 2

fuzz: $(READY)  ## Compare the engines on random networks for MINUTES; SEED= repeats, REPLAY= shows a disagreement again
	$(BIN)/python tests/fuzz.py --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(if $(REPLAY),--replay $(REPLAY))

bench: $(READY)  ## Measure time and memory and write docs/benchmarks.md; ONLY= one of engines, ciw, growth, whole, start
	$(BIN)/python benchmarks/bench.py $(if $(ONLY),--only $(ONLY))

recovery: $(READY)  ## Show that known truths are recovered from made-up records, and write docs/recovery-*.md
	set -e; for program in benchmarks/recovery_*.py; do $(BIN)/python $$program; done

lint: $(READY)  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	mkdir -p .mypy_cache/source && ln -sfn ../.. .mypy_cache/source/stepdown
	MYPYPATH=.mypy_cache/source $(BIN)/mypy
	MYPYPATH=.mypy_cache/source:benchmarks $(BIN)/mypy --explicit-package-bases benchmarks/*.py

snapshots: $(READY)  ## Write the rounded results of the shipped scenarios anew
	$(BIN)/python -m pytest tests/test_snapshots.py --refresh-snapshots

manual: $(READY)  ## Write the manual of scenario files anew from the schema
	$(BIN)/python -c "from stepdown.outputs.words.manual import manual; print(manual(), end='')" > docs/scenario-files.md

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .fuzz
