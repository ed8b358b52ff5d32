# make serve   build the book, serve it on a free local port, print the address
# make test    lint, types, tests, the book and the browser: the command that .ci/run calls
#
# Everything is installed into .venv from requirements.txt, and into node_modules from package-lock.json.
# All paths are relative, so that the project may live in a path with a space in it.

PYTHON ?= python3
UV ?= uv
PY := .venv/bin/python
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help serve book pdf links test lint types pytest quick bench peers compiled facts kernel lab notebooks student slides setup venv clean pins

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

serve: .venv/ready node_modules/ready ## build the book, serve it on a free local port, print the address
	@$(PY) -m wbviz book serve

book: .venv/ready node_modules/ready ## build the book into _build/html; any warning and any failed cell is an error
	@$(PY) -m wbviz book build

pdf: .venv/ready node_modules/ready ## the book as one PDF, _build/book.pdf (needs Chromium)
	@$(PY) -m wbviz.site.pdf

links: .venv/ready node_modules/ready ## ask every address outside that the book names (needs the internet)
	@$(PY) -m wbviz.site.links

test: lint types pytest ## lint, types, tests, the book and the browser

lint: .venv/ready node_modules/ready ## ruff and biome: lint, and the format, of Python and of JavaScript
	@$(PY) -m ruff check . || { echo 'make lint: see above; "$(PY) -m ruff check --fix ." repairs what it can.' >&2; exit 1; }
	@$(PY) -m ruff format --check -q . || { echo 'make lint: "$(PY) -m ruff format ." puts these into the common form.' >&2; exit 1; }
	@node_modules/.bin/biome check --error-on-warnings --log-level=warn . || { echo 'make lint: see above; "node_modules/.bin/biome check --write ." repairs what it can.' >&2; exit 1; }

types: .venv/ready ## mypy, strict
	@$(PY) -m mypy || { echo 'make types: mypy found the errors above.' >&2; exit 1; }

pytest: .venv/ready node_modules/ready ## the tests, browser tests included (they build the book), on all processors
	@WBVIZ_HUNT_SEED=$${WBVIZ_HUNT_SEED:-$$(date -u +%F)} $(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder

quick: lint types ## what is edited most, in a minute: lint, types, kernel, traces, policies, certificates, the checker
	@$(PY) -m pytest -q -n auto --dist loadfile tests/kernel tests/trace tests/policy tests/certify tests/check

bench: .venv/ready node_modules/ready ## the numbers: every tests/bench/bench_*.py
	@$(PY) -m tests.bench

peers: .venv/ready ## Harmony, for a second judgement of the verdicts, into _build/peers (Spin: apt-get install spin gcc)
	@$(PY) -m tests.bench.peers.install

compiled: .venv/ready ## the checker through mypyc, into _build/compiled (needs a C compiler)
	@$(PY) -m wbviz.commands.compiled

facts: .venv/ready ## what the book says of kernel sources, looked up in trees: make facts TREES=FOLDER
	@$(PY) -m wbviz.site.facts $(if $(TREES),"$(TREES)")

kernel: .venv/ready ## records the experiments of chapter 11 on Debian's kernel, in QEMU (asks first; make kernel YES=1)
	@$(PY) -m wbviz.trouble.record $(if $(YES),--yes)

lab: notebooks ## the chapters as notebooks in JupyterLab
	@PYTHONPATH="$(CURDIR)" $(PY) -m jupyterlab _build/notebooks

notebooks: .venv/ready ## every chapter as a notebook, into _build/notebooks
	@$(PY) -m wbviz.site.notebooks

slides: .venv/ready ## the slides of four sessions, into _build/slides
	@$(PY) -m wbviz.commands.slides

student: .venv/ready $(if $(SITE),node_modules/ready) ## a release for students, without solutions and tests, into _build/student; SITE=1: with the built book
	@$(PY) -m wbviz.commands.student $(if $(SITE),--site)

setup: .venv/ready node_modules/ready ## only install: .venv and node_modules

venv: .venv/ready ## only install the Python environment

clean: ## remove everything that make made
	rm -rf .venv _build node_modules build dist wbviz.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Rewrites requirements.txt from the ranges in pyproject.toml. uv comes from PyPI: pip install uv.
pins: ## requirements.txt from the ranges in pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { echo 'make pins: uv is missing; "pip install uv" brings it.' >&2; exit 1; }
	$(UV) pip compile --universal --python-version 3.11 --all-extras --upgrade --no-emit-index-url \
	  --custom-compile-command 'make pins  (uv pip compile --universal --python-version 3.11 --all-extras pyproject.toml)' \
	  -o requirements.txt pyproject.toml

.venv/ready: requirements.txt
	@ok=; for p in '$(PYTHON)' python3 python3.13 python3.12 python3.11; do \
	  if "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then ok=$$p; break; fi; \
	done; \
	[ -n "$$ok" ] || { echo 'make: needs Python 3.11, 3.12 or 3.13, and found none; name one with "make PYTHON=/path/to/python ...".' >&2; exit 1; }; \
	"$$ok" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "make: $$ok cannot make environments. On Debian and Ubuntu: apt-get install python3-venv, then again." >&2; exit 1; }; \
	[ -x $(PY) ] && $(PY) -c '' 2>/dev/null || { rm -rf .venv; "$$ok" -m venv .venv; } || { \
	  echo 'make: the environment .venv could not be made; see above.' >&2; exit 1; }
	@echo 'installing what requirements.txt pins into .venv (some minutes the first time)'
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements.txt || { \
	  echo 'make: pip could not install requirements.txt. Is PyPI reachable? "make clean", then again, starts afresh.' >&2; exit 1; }
	@touch .venv/ready

node_modules/ready: package-lock.json
	@command -v npm >/dev/null || { \
	  echo 'make: npm is missing (what bundles the pages comes from it). On Debian and Ubuntu: apt-get install npm; else https://nodejs.org' >&2; exit 1; }
	@npm ci --ignore-scripts --silent --no-audit --no-fund || { \
	  echo 'make: npm ci failed. Is the npm registry reachable? Then again.' >&2; exit 1; }
	@touch node_modules/ready
