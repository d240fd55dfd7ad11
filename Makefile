# make run     sets up what is missing, then opens the demo office
# make test    all tests, without a screen; some of them: make test TESTS="tests/test_texts.py -k money"
# make faults  power cuts, crashes, days by chance and screens, all of them instead of the slice in make test,
#              and new cases by chance where make test has the same ones each time
# make soak    a day's people within 24 minutes, and whether memory or open files grow (make faults runs it too)
# make reliability   make faults, and docs/reliability.md made of what it found
# make lint    ruff, mypy, QML and translation checks (all of them: make -k lint); make format mends
# make audit   asks the public list of weaknesses for those of the locked packages
# make bench   measures; with two million past tickets: .venv/bin/kiosk bench store-full; sixty counters
#              for ten minutes: .venv/bin/kiosk bench counters-full
# make wheel   builds the program as one wheel, in dist/
# make wheels  that and all that it stands on, in build/wheels: with it a machine without internet is set up
# make install makes this machine a kiosk (asks for sudo); make deb builds a Debian package that does, in dist/
# make bundle  makes the signed file that kiosk update takes, in dist/: make bundle KEY=private.pem
# make shots   saves a picture of every screen and every slip, and sheets of them: shots/sheets/index.html
# make lock    chooses the versions in requirements/ anew, and lists them for whoever asks what is inside
# make clean   removes what the others made

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := run

VENV := .venv
PYTHON := $(VENV)/bin/python
SYSTEM := build/stamps
STAMPS := $(VENV)/stamps
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet --no-input
VERSION = $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' pyproject.toml)
OFFSCREEN := QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software

# Tests start the program a thousand times: compiled once, and not each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test faults soak reliability lint lint-code lint-types lint-qml lint-texts lint-sbom audit format bench shots
.PHONY: wheel wheels install bundle deb setup setup-dev lock clean

run: setup
	@exec $(VENV)/bin/kiosk demo

test: setup-dev
	$(OFFSCREEN) $(PYTHON) -m pytest --numprocesses 5 --dist loadfile --no-loadscope-reorder $(TESTS)

# Which tests these are is read from the tests: what looks at tests/profile.py, or at the CELLS
# that a helper makes by it, runs longer here.
NAMING := grep --recursive --files-with-matches --include='test_*.py'
LONGER := $(NAMING) --exclude-dir=faults -e 'from tests.profile import' -e 'from tests import profile' -e CELLS tests

NETWORK := tests/store/test_postgres.py::test_a_pulled_cable_is_told_within_seconds_and_nothing_hangs \
	tests/e2e/test_stores.py::test_a_server_that_goes_away_under_a_running_office_is_told_and_comes_back_by_itself

faults: setup-dev $(SYSTEM)/faults
	$(OFFSCREEN) KIOSK_FAULTS=long $(PYTHON) -m pytest -s -o faulthandler_timeout=0 tests/faults tests/faults/weston.py tests/display/test_hotplug.py tests/e2e/test_hall.py $(NETWORK) $$($(LONGER))
	$(OFFSCREEN) KIOSK_FAULTS=long $(PYTHON) -m pytest --numprocesses 2 $$($(NAMING) @given tests)

# Two hours, on a machine that has nothing else to do: it asserts how soon each process is back.
reliability:
	@rm -rf build/findings
	@KIOSK_FINDINGS=$(CURDIR)/build/findings $(MAKE) faults
	@$(PYTHON) -m tools.reliability build/findings

soak: setup-dev
	$(OFFSCREEN) KIOSK_FAULTS=long $(PYTHON) -m pytest -s -o faulthandler_timeout=0 tests/faults/test_soak.py

lint: lint-code lint-types lint-qml lint-texts lint-sbom

lint-code: setup-dev
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check

lint-types: setup-dev
	$(VENV)/bin/mypy

lint-qml: setup-dev
	$(PYTHON) -m tools.qml

lint-texts: setup-dev
	$(PYTHON) -m tools.translations

lint-sbom: setup-dev
	$(PYTHON) -m tools.sbom --check

# Exit code 3 of the tool, nothing could be asked, is told and lets go on: an office's machine, and
# many that test, see no list of weaknesses.
audit: setup-dev
	@$(PYTHON) -m tools.audit || (($$? == 3))

format: setup-dev
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format
	$(PYTHON) -m tools.qml --format

bench: setup-dev
	$(VENV)/bin/kiosk bench

shots: setup-dev
	$(OFFSCREEN) $(PYTHON) -m tools.shots

wheel: $(STAMPS)/build
	$(PYTHON) -m hatchling build -t wheel

# For the Python of this machine; the package is for those of Debian 12 and Ubuntu 24.04.
wheels: wheel
	@tools/wheels.sh $(PYTHON) build/wheels

install: setup wheels
	@tools/system.sh hall
	@if [ "$$(id -u)" = 0 ]; then become=; else become=sudo; fi; \
		$$become $(PYTHON) -m kiosk install --wheels build/wheels

bundle: setup wheel
	@: "$${KEY:?the private key: python -m tools.bundle key private.pem public.pem makes one}"
	@rm -rf build/bundle
	@tools/wheels.sh $(PYTHON) build/bundle 3.11 3.12
	@$(PYTHON) -m tools.bundle make build/bundle "$$KEY" dist/motcua-kiosk-$(VERSION).bundle

deb: setup wheel
	@tools/deb.sh $(PYTHON)

setup: $(SYSTEM)/run $(STAMPS)/runtime $(STAMPS)/project

setup-dev: $(SYSTEM)/test $(STAMPS)/dev $(STAMPS)/project $(STAMPS)/browser

# What is done has a stamp; what is missing or has changed is done again.

$(SYSTEM)/%: tools/system.sh tools/python.sh tools/browser.sh
	@tools/system.sh $* $@

$(STAMPS)/venv: tools/python.sh tools/venv.sh | $(SYSTEM)/run
	@tools/venv.sh $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime $(STAMPS)/dev $(STAMPS)/build: $(STAMPS)/%: requirements/%.txt $(STAMPS)/venv
	@echo "Installing $<"
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/build
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# Where the system has no Chromium that tests can drive (on Ubuntu it is a snap), Playwright's own.
$(STAMPS)/browser: tools/browser.sh $(SYSTEM)/test $(STAMPS)/dev
	@if tools/browser.sh >/dev/null || $(PYTHON) -m playwright install --with-deps chromium; then \
		touch $@; \
	else \
		echo "No Chromium: the tests of the web pages will fail. Name one: KIOSK_BROWSER=/path make test"; \
	fi

# Versions stand in the locks with their hashes and without addresses. The smaller locks follow the
# largest, so that one environment can hold them all.
LOCK := $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --annotation-style line --custom-compile-command "make lock"
FOLLOW := --constraint requirements/dev.txt

lock: $(STAMPS)/dev
	$(LOCK) pyproject.toml --extra dev --extra postgres --output-file requirements/dev.txt
	$(LOCK) pyproject.toml $(FOLLOW) --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml $(FOLLOW) --extra postgres --output-file requirements/postgres.txt
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"])' \
		| $(LOCK) - $(FOLLOW) --output-file requirements/build.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PYTHON) -m tools.sbom

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
