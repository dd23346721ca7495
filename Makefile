# Everything runs in .venv: made when it is missing, made current when pyproject.toml or uv.lock changed.
# A machine needs make and Python 3.11, 3.12 or 3.13; uv is used where it is installed.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)

export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never

SECONDS_EACH ?= 60
CONTRACT ?= ../shared/contract
UV = $(shell command -v uv || echo .venv/bin/uv)

# Programs in .venv name its whole path: after a move it is made anew. .venv/ready says where that was, or is empty.
MOVED := $(shell here=$$(pwd -P); [ ! -e .venv/ready ] || [ "$$(cat .venv/ready)" = "$$here" ] || \
	{ [ ! -s .venv/ready ] && grep -qsF "$$here/.venv/" .venv/bin/rplay; } || echo moved)

.PHONY: help serve test lint types bench docs contract fuzz fuzz-readers audit licences torture practice operations models description browser screenshots vendor words moved

help:
	@echo 'make serve      run the server with all that it needs, at http://127.0.0.1:3001'
	@echo 'make test       run the tests'
	@echo 'make lint       check form and style'
	@echo 'make types      check the types'
	@echo 'make bench      measure speed and memory; takes minutes'
	@echo 'make docs       write docs/cli.md anew from the help of the commands'
	@echo 'make contract   run the contract suite; CONTRACT=folder says where it lies'
	@echo 'make practice   hold many more talks, lives, recordings and made-up requests to what make test samples; takes minutes'
	@echo 'make operations  restart, end and crash whole deployments, side by side and behind a proxy; takes a minute'
	@echo 'make torture    break what the server depends on, under load; takes half an hour'
	@echo 'make models     talk with a real model in its server, small as it is; takes a minute'
	@echo 'make browser    walk through the pages in a real browser; takes minutes'
	@echo 'make screenshots  make the pictures in docs/pictures again, in that browser'
	@echo 'make words      bring the catalogues of words of the pages up to date'
	@echo 'make vendor     copy what pages need of others from npm again'
	@echo 'make description  have tools look at the description of the API, and make clients from it'
	@echo 'make fuzz       send the API and the speech socket many requests that are made up'
	@echo 'make audit      look every dependency up among known vulnerabilities; needs pypi.org'
	@echo 'make licences   write docs/licences.md anew'
	@echo 'make fuzz-readers  let atheris look for files that an import cannot cope with, a minute each kind'

# Of 7,500 modules that are installed 1,700 are used: Python compiles those when it first reads them, which takes 4 s, not 16.
serve: .venv/ready
	@env -u PYTHONDONTWRITEBYTECODE .venv/bin/rplay serve

test: .venv/ready
	@env -u PYTHONDONTWRITEBYTECODE .venv/bin/pytest -p tests.forks --forks auto

lint: .venv/ready
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	@$(UV) lock --check --offline --quiet || { echo 'uv.lock does not fit pyproject.toml: run uv lock' >&2; exit 1; }

licences: .venv/ready
	@$(UV) sync --locked --all-extras --quiet
	.venv/bin/python .ci/licences --write

audit: .venv/ready
	$(UV) lock --check
	@$(UV) sync --locked --all-extras --group audit --quiet
	$(UV) export --locked --all-extras --no-dev --no-emit-project --quiet --output-file .venv/locked.txt
	.venv/bin/pip-audit --strict --disable-pip --require-hashes --requirement .venv/locked.txt

types: .venv/ready
	.venv/bin/mypy

bench: .venv/ready
	.venv/bin/python -m bench

docs: .venv/ready
	.venv/bin/python -m rplay.commands.reference
	.venv/bin/python docs/modules.py

contract: .venv/ready
	.ci/contract '$(CONTRACT)'

operations: .venv/ready
	@env -u PYTHONDONTWRITEBYTECODE .venv/bin/pytest -p tests.forks --forks auto -m operations

practice: .venv/ready
	@env -u PYTHONDONTWRITEBYTECODE .venv/bin/pytest -p tests.forks --forks auto -m practice

torture: .venv/ready
	.venv/bin/pytest -v -m torture tests

# Beside the others: 130 MB that nothing else needs.
models: .venv/ready
	@$(UV) sync --locked --all-extras --group models --quiet
	.venv/bin/pytest -m models tests/models

# chromium comes from Debian: where this may not install it, it has to be there.
browser: .venv/ready
	@deploy/browser-packages
	@$(UV) sync --locked --all-extras --group browser --quiet
	.venv/bin/pytest -m browser tests/browser

description: .venv/ready
	@$(UV) sync --locked --all-extras --group description --quiet
	.venv/bin/pytest -m description tests/description

screenshots: .venv/ready
	@deploy/browser-packages
	@$(UV) sync --locked --all-extras --group browser --quiet
	.venv/bin/pytest -m browser tests/browser/pictures.py

words: .venv/ready
	@.venv/bin/python .ci/words

vendor: .venv/ready
	@.venv/bin/python .ci/vendor

fuzz: .venv/ready
	FUZZ_EXAMPLES=200 .venv/bin/pytest -m 'practice or not practice' tests/e2e/test_api_fuzz.py tests/web/socket/test_speech_fuzz.py

fuzz-readers: .venv/ready
	@$$(command -v uv || echo .venv/bin/uv) sync --locked --all-extras --group fuzz --quiet
	for kind in csv json form; do .venv/bin/python -m tests.fuzz $$kind -max_total_time=$(SECONDS_EACH) || exit; done

# Where this Python has pip, that one installs uv: a pip of its own takes 7 s to put there.
.venv/ready: pyproject.toml uv.lock $(MOVED)
	@python='$(PYTHON)'; if [ -z "$$python" ]; then \
		echo 'rplay needs Python 3.11, 3.12 or 3.13, and none is on the PATH. Install one, or name it: make PYTHON=/path/to/python3.12' >&2; \
		exit 1; \
	fi; \
	[ -z '$(MOVED)' ] || rm -rf .venv && \
	echo 'Making .venv match uv.lock (the first time takes about 20 seconds)' >&2; \
	if command -v uv >/dev/null; then \
		uv sync --locked --all-extras --quiet --python "$$python"; \
	else \
		[ -x .venv/bin/uv ] || { \
			"$$python" -m venv --without-pip .venv && "$$python" -m pip --python .venv/bin/python \
				install --quiet --disable-pip-version-check --no-compile 'uv<1' 2>/dev/null; \
		} || { \
			"$$python" -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv<1'; \
		} && \
		.venv/bin/uv sync --locked --all-extras --quiet --python .venv/bin/python; \
	fi
	@pwd -P > .venv/ready
