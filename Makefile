PYTHON ?= python3
BIN := .venv/bin
# one more than there are processors: the tests of failures mostly wait
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

unexport PYTHONDONTWRITEBYTECODE # each of the many starts of a process would compile all anew

.PHONY: demo run test golden chaos judges lint bench pictures wheel lock clean

demo: .venv/.run ## the bot with a sample company, on this machine only
	$(BIN)/okr demo

run: .venv/.run ## the bot with your own .env
	$(BIN)/okr run

test: .venv/.dev ## the whole suite
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

golden: .venv/.dev ## keep what every message and form looks like now as reviewed
	$(BIN)/python -m tests.adapters.golden

chaos: .venv/.dev ## the bot among failures: more kills, longer absences, and what came of it
	OKR_CHAOS=1 $(BIN)/pytest -n 2 --dist worksteal $(wildcard tests/chaos tests/machine)

judges: .venv/.dev ## what is sent, before Slack's own types and Microsoft's own renderer (needs node)
	npm install --no-audit --no-fund --silent --prefix .venv/judges @slack/types@3 typescript@5 adaptivecards@3 markdown-it@14
	OKR_NODE_MODULES=$(CURDIR)/.venv/judges/node_modules $(BIN)/pytest tests/adapters/slack/test_types.py tests/adapters/teams/test_browser.py

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.bench
	$(BIN)/python -m tests.bench

pictures: .venv/.dev ## the README's pictures, taken from the demo
	$(BIN)/python -m tests.pictures

wheel: .venv/.dev ## one file to install elsewhere
	$(BIN)/python -m pip wheel -q --no-build-isolation --no-deps -w dist .

lock: ## resolve the ranges of pyproject.toml anew
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml --group bench -c requirements-dev.lock -o requirements-bench.lock

clean:
	rm -rf .venv dist build

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "okr needs Python 3.11 or newer; say which with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/.run: .venv/.python requirements.lock pyproject.toml
	test -e .venv/.dev || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

.venv/.dev: .venv/.python requirements-dev.lock pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

.venv/.bench: .venv/.dev requirements-bench.lock # what it is measured against; the bench says so where it is not there
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock || echo "the floor of the Teams bench cannot be installed here: that part is left out"
	touch $@
