# Everything sets itself up in .venv from this folder's own files; only python3 (3.11 or newer) is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test soak fuzz bench lint clean

demo: $(STAMP)
	@$(BIN)/gateway demo

test: $(STAMP)
	$(BIN)/python -m pytest

# The crash test of the suite with 200 kills instead of 12; GATEWAY_SEED=n makes another run of it.
soak: $(STAMP)
	GATEWAY_KILLS=200 $(BIN)/python -m pytest tests/end_to_end/test_kill.py

# 2,000 damaged files of every format through the sandbox; GATEWAY_SEED=n makes others.
fuzz: $(STAMP)
	GATEWAY_MUTATIONS=2000 $(BIN)/python -m pytest -s tests/formats/test_mutations.py

# Beside a bare aiosmtpd proxy and Postfix's pass-through; root, and Postfix installed. TOOLS=DIR names
# a folder with smtpload and fastsink, else Postfix's own smtp-source and smtp-sink are used.
bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --editable '.[all,test,bench]'
	$(BIN)/python benchmarks/relay.py $(if $(TOOLS),--tools $(TOOLS)) $(BENCH)

lint: $(STAMP)
	$(BIN)/ruff check gateway tests benchmarks
	$(BIN)/mypy

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[all,test]'
	touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
