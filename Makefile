# Everything runs in an environment of its own, .venv, made on first use from the pinned requirements.lock.

PYTHON ?= python3
SHARED ?= ../shared
export SHARED
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
READY := .venv/ready

.DEFAULT_GOAL := help
.PHONY: help generate serve test test-slow check bench exact zoo faults format lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

generate: $(READY) ## Read specs/, write generated/ (VENDORS="a b" for some of them)
	$(BIN)/counterfoil generate $(VENDORS)

serve: $(READY) ## Run every vendor's stub, each on its own port
	$(BIN)/counterfoil serve $(VENDORS)

test: $(READY) ## Run the tests, contract tests included (TESTS="tests/x.py -k name" for some of them)
	$(BIN)/pytest -n auto -m "not slow" $(TESTS)

test-slow: $(READY) ## Run the tests that take longer than ten seconds each
	$(BIN)/pytest -n auto -m slow $(TESTS)

check: $(READY) ## Lint, check types and layers, and see that generated/ is current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy generator generated bench scripts
	$(BIN)/lint-imports
	$(BIN)/counterfoil generate --check

bench: $(READY) ## Compare generation with the engine's own command, and stubs with other servers (SOAK=200000)
	$(BIN)/python bench/generation.py $(DOCUMENTS)
	SOAK=$(SOAK) $(BIN)/python -m bench.serving

exact: $(READY) ## Hold models to the JSON Schema Test Suite and to validators of real schemas (FULL=1 for all of SHARED)
	$(BIN)/python -m bench.exact $(if $(FULL),--full) $(EXACT)

zoo: $(READY) ## Take every document of a folder through all stages (CORPUS=folder ZOO="--only GLOB --jobs N")
	$(BIN)/python -m bench.zoo $(CORPUS) $(ZOO)

faults: $(READY) ## Seed faults into stubs and tell what finds them (FULL=1 beside schemathesis alone; FAULTS="--only GLOB")
	$(BIN)/python -m bench.faults $(if $(FULL),--full) $(FAULTS)

format: $(READY) ## Format the code and sort its imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY) ## Bring requirements.lock up to the newest releases that pyproject.toml allows
	$(BIN)/python scripts/lock.py
	$(MAKE) $(READY)

clean: ## Remove everything made here but generated/
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "counterfoil needs Python 3.11 or newer; say which with PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
