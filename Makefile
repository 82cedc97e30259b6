# make run: the app. make test: all tests, with a real Odoo and a real browser where they can be had.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test chaos check format bench odoo demo-amazon clean

run: .venv/app
	$(BIN)/streamlit run app.py

# More workers than cores: a third of the time is spent waiting. The files in their order, in which
# the long ones come first.
test: .venv/test
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# Minutes of faults, for docs/reliability.md; a short form of it is part of make test.
chaos: .venv/test
	CHAOS=long $(BIN)/python -m pytest tests/chaos --timeout 600

check: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/test
	$(BIN)/python -m bench

# A real Odoo 19 with demo data, to click through; it prints its address.
odoo: .venv/test
	$(BIN)/python -m tests.odoo.server

# A demo Amazon on this machine, for those without an account; it prints how to use it.
demo-amazon: .venv/test
	$(BIN)/python -m tests.amazon.server

clean:
	rm -rf .venv .cache build

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/app: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/test: tests/requirements.txt .venv/app
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@
