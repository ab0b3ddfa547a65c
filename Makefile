# Few verbs; `make help` lists them. What each needs is installed on the way: no verb has to be called before another.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTEST := $(BIN)/pytest
# One process more than there are cores: a fifth of the time tests wait for a disk or for another process.
# Two sessions of Spark or of a browser at once would wait for each other: tests of one kind stay in one process, as do
# those of one module; tests/conftest.py says which and in which order.
IN_PARALLEL := -n $(shell expr $$(nproc) + 1) --dist loadgroup --no-loadscope-reorder
ARGS ?= --help
# Where Python may keep no compiled code, every process that a test starts compiles its libraries anew, for a second or two.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup setup-run run demo stop check lint types imports test test-fast test-deep spec fix docs lock

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## make the tree ready for tests (again in a second when it already is)
	@python=$$(scripts/find-python) && "$$python" scripts/set_up.py test

setup-run:
	@python=$$(scripts/find-python) && "$$python" scripts/set_up.py run

demo: setup-run ## start the demonstration city and print its address
	@$(BIN)/jalostamo demo start

stop: setup-run ## stop the demonstration city
	@$(BIN)/jalostamo demo stop

run: setup-run ## run one command: make run ARGS="city --help"
	@$(BIN)/jalostamo $(ARGS)

check: setup lint types imports test-fast ## lint, types, walls and the fast tests

lint:
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: setup ## check the types of the library
	$(BIN)/mypy

imports: setup ## check the walls between the rooms
	$(BIN)/lint-imports

test-fast:
	$(PYTEST) $(IN_PARALLEL) -m "not slow and not deep"

test: setup lint types imports ## everything that CI asks for, in minutes
	$(PYTEST) $(IN_PARALLEL) -m "not deep"

test-deep: setup lint types imports ## the whole of the slow groups too
	$(PYTEST) $(IN_PARALLEL) --hypothesis-profile deep

spec: setup ## read the handbook as tests
	$(PYTEST) tests/spec -m "not deep"

fix: setup ## format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup ## write the generated pages of the documentation anew; PICTURE=1 takes the picture of the README too
	$(BIN)/python scripts/coverage_page.py
	$(BIN)/python scripts/reference_pages.py
	$(if $(PICTURE),$(BIN)/python scripts/results_picture.py)

lock: setup ## lock all dependencies anew; UPGRADE=1 takes the newest that fit
	$(BIN)/python scripts/lock.py $(if $(UPGRADE),--upgrade)
