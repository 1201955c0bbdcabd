# The verbs of this project. `make` alone prints them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
# With caches of bytecode whatever the environment says: each process would compile all anew.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(PY) -m pytest -n auto --dist worksteal
PORT ?= 5090
MINUTES ?= 1
CONTRACTS := mock_server/control_plane/control.yaml mock_server/token_services/doors.yaml

.DEFAULT_GOAL := help
.PHONY: help run test test-slow test-all test-browser lint contract types docs pictures prove bench upstream lock wheel release-check clean

help:  ## Print this help
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# An interpreter that is chosen, as in `make run PYTHON=python3.12`, replaces another one.
VERSION := 'import sys; print(sys.version_info[:3])'
ifeq ($(origin PYTHON),command line)
ifneq ($(shell $(PYTHON) -c $(VERSION)),$(shell $(PY) -c $(VERSION) 2>/dev/null))
.PHONY: $(VENV)/bin/python
endif
endif

$(VENV)/bin/python:
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.lock pyproject.toml
	$(PIP) install -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.prove: $(VENV)/.dev
	$(PIP) install --no-build-isolation -c requirements-dev.lock -e '.[prove]'
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(PIP) install -r requirements-dev.lock
	touch $@

# Its driver alone: the browser is the machine's own.
$(VENV)/.browser: $(VENV)/.dev requirements-browser.lock
	$(PIP) install -r requirements-browser.lock
	touch $@

$(VENV)/.release: $(VENV)/.dev requirements-release.lock
	$(PIP) install -r requirements-release.lock
	touch $@

run: $(VENV)/.run  ## Start the mock on port 5090 (PORT=…, PYTHON=python3.12, ARGS="--reload …")
	@exec $(VENV)/bin/altinn-notifications-mock serve --port $(PORT) $(ARGS)

test: $(VENV)/.dev  ## Run the quick tests, on every core
	@$(PYTEST) -m "not slow"

test-slow: $(VENV)/.dev  ## Run the slow tests: processes, whole checks, Schemathesis
	@$(PYTEST) -m "slow and not browser"

test-all: $(VENV)/.dev  ## Run every test that needs no browser, quick and slow
	@$(PYTEST) -m "not browser"

test-browser: $(VENV)/.browser  ## Drive the pages in Chromium (the package chromium, or CHROMIUM=…)
	@$(PYTEST) -m browser tests/browser

lint: $(VENV)/.dev  ## Check style, types, laws and the contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/altinn-notifications-mock lint
	@for contract in $(CONTRACTS); do $(VENV)/bin/altinn-notifications-mock lint $$contract || exit; done
	@$(MAKE) --no-print-directory laws types

contract: $(VENV)/.dev  ## Check the server at BASE_URL=… against the contract (TOKEN=…, OPTIONS=…)
	@test -n "$(BASE_URL)" || { echo "make contract: give BASE_URL=http://localhost:5090/notifications/api/v1, or where else it is" >&2; exit 2; }
	@$(VENV)/bin/altinn-notifications-mock check "$(BASE_URL)" $(if $(TOKEN),--bearer "$(TOKEN)") $(OPTIONS)

# The handlers live at the top of the checkout and inside the package: judge them there.
laws: $(VENV)/.dev
	@rm -rf build/laws && mkdir -p build/laws
	@cp -r mock_server build/laws/ && cp -r handlers build/laws/mock_server/handlers
	@cd build/laws && PYTHONPATH=. ../../$(VENV)/bin/lint-imports ../../.importlinter --no-cache

types: $(VENV)/.dev
	@rm -rf build/types && mkdir -p build/types
	@cp -r mock_server tests prove build/types/ && cp -r handlers build/types/mock_server/handlers
	@cd build/types && ../../$(PY) -m mypy --config-file ../../pyproject.toml -p mock_server -p tests -p prove

docs: $(VENV)/.run  ## Write the generated tables of docs/
	@$(PY) -m mock_server.contract.differences docs/differences.md
	@$(PY) -m mock_server.check.checks docs/check.md
	@$(PY) -m mock_server.lint.page docs/lint-rules.md

pictures: $(VENV)/.browser  ## Take the pictures of the workbench in docs/ anew
	@$(PY) -m tests.browser.pictures

prove: $(VENV)/.prove  ## Mutate the core, plant faults on the wire, race and reload (long)
	@$(PY) -m prove.mutants
	@$(PY) -m prove.parallel
	@$(PY) -m prove.reloading
	@$(PY) -m prove.sharing
	@$(PY) -m prove.alike
	@$(PY) -m prove.wire --with-control --without-control

bench: $(VENV)/.dev  ## Measure speed, scale and patience; tables in build/bench (long)
	@for name in start throughput scale hostile crowds recording; do $(PY) benchmarks/$$name.py || failed=1; done; \
	$(PY) benchmarks/load.py --minutes $(MINUTES) && exit $$failed

upstream: $(VENV)/.run  ## Tell what moved at the real service since the commit that is followed
	@$(PY) -m prove.upstream $(ARGS)

lock:  ## Renew the locked dependencies
	python3 -m venv build/lock && build/lock/bin/python -m pip -q install pip-tools
	build/lock/bin/pip-compile -q --generate-hashes --no-header --no-emit-index-url --no-emit-options --no-annotate --strip-extras --allow-unsafe --extra build --extra redis -o requirements.lock pyproject.toml
	build/lock/bin/pip-compile -q --no-header --no-emit-index-url --no-emit-options --no-annotate --strip-extras --allow-unsafe --extra build --extra dev -o requirements-dev.lock pyproject.toml
	grep -o 'playwright==[0-9.]*' pyproject.toml | build/lock/bin/pip-compile -q --no-header --no-emit-index-url --no-emit-options --no-annotate --strip-extras -o requirements-browser.lock -
	grep -o 'cyclonedx-bom==[0-9.]*' pyproject.toml | build/lock/bin/pip-compile -q --no-header --no-emit-index-url --no-emit-options --no-annotate --strip-extras --allow-unsafe -c requirements-dev.lock -o requirements-release.lock -
	sed -i '/^altinn-notifications-mock/d' requirements-dev.lock # itself, by way of its extra

wheel: $(VENV)/.dev  ## Build the wheel into dist/
	@rm -rf dist build/lib && SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(PY) -m build --quiet --no-isolation --wheel

release-check: $(VENV)/.release  ## Try all of a release that needs no publishing; files in dist/ (TAG=v0.1.0)
	@$(PY) -m prove.release $(if $(TAG),--tag $(TAG))

clean:  ## Remove everything that was built or installed
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
