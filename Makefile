# Every task of this project. `make` alone lists them.
#
#   PYTHON  the interpreter that creates the environment   make demo PYTHON=python3.12
#   VENV    where the environment lives                    make test VENV=/tmp/venv
#   LOCKED  install exactly what the lock files name        make test LOCKED=1
#   HOST, PORT  where `make demo` and `make serve` listen   make demo PORT=9000

PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8080

BIN := $(VENV)/bin
TYPED := indexer searchsvc bench examples tests
SOURCES := setup.py build_backend.py $(TYPED)
NATIVE := indexer/engine/embedded/native
SAMPLES := $(filter-out %.md,$(wildcard index_data/samples/*))
DEMO_INDEX := index_data/demo
# setuptools explains what an editable installation is at every one of them.
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip install --disable-pip-version-check

# What uv is asked for: one lock for every Python and system we support, with hashes and no address.
COMPILE := $(BIN)/uv pip compile setup.cfg --quiet --universal --python-version 3.10 \
  --generate-hashes --no-emit-index-url --no-annotate --no-header
ARTICLE_ID := ^[0-9a-f]{24}$$

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo serve test coverage lint format check bench faults faults-cluster fuzz fuzz-inputs fuzz-http soak lock licences secrets clean

help:
	@echo "make demo     index the bundled samples and open the search page on http://$(HOST):$(PORT)/"
	@echo "make install  put searchsvc and what it needs into $(VENV)"
	@echo "make test     run the tests"
	@echo "make coverage which lines do the tests run?"
	@echo "make lint     check format, style and types"
	@echo "make format   rewrite the code in the project's format"
	@echo "make check    lint, then test: what a change must pass"
	@echo "make lock     choose the newest versions for requirements.lock and requirements-test.lock"
	@echo "make secrets  look for keys and passwords in what git keeps"
	@echo "make licences list the licences of what is installed, in docs/licences.md"
	@echo "make bench    measure this engine beside others, and what has a goal beside it;"
	@echo "              ENGINES=searchsvc,tantivy,opensearch for these alone"
	@echo "make faults   break everything below an index, at every system call: some hours"
	@echo "make faults-cluster  kill a node of three of OpenSearch while it is used: ten minutes"
	@echo "make fuzz     look for inputs that break a promise, MINUTES=10 for each target, and"
	@echo "              send odd requests, REQUESTS=100000; one of both: fuzz-inputs, fuzz-http"
	@echo "make soak     a service under traffic and commits, SECONDS=3600: does anything grow?"
	@echo "make serve    serve index_data/default, or INDEX=DIR"
	@echo "make clean    remove the environment, caches and the demo index"

# --- the environment: made once, brought up to date when setup.cfg or the core changes -----------

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "make: no '$(PYTHON)' here. Install Python 3.10 or newer, or name one: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "make: $$($(PYTHON) --version 2>&1) is too old; 3.10 or newer is needed. Name one: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: $(PYTHON) cannot create environments. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@[ -w . ] || { \
	  echo "make: you may not write in this folder. Copy it to one of your own, or install from it: pip install $(CURDIR)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg setup.py build_backend.py pyproject.toml searchsvc/__init__.py \
  $(wildcard $(NATIVE)/*.[ch]) $(NATIVE)/compile.py | $(BIN)/python
ifdef LOCKED
	$(PIP) --require-hashes --requirement requirements-test.lock
	$(PIP) --no-deps --no-build-isolation --editable .
else
	$(PIP) --quiet --upgrade pip
	@echo "make: fetching packages and a C compiler (some 150 MB), and compiling the core: a few minutes"
	$(PIP) --editable .
endif
# A service's user, who cannot write here, would compile all of it at every start.
	@$(BIN)/python -m compileall -q indexer searchsvc
	@touch $@

$(VENV)/.installed-%: $(VENV)/.installed
	$(if $(and $(LOCKED),$(filter test ci,$*)),,$(PIP) --editable '.[$*]')
	@touch $@

install: $(VENV)/.installed

# --- using it ------------------------------------------------------------------------------------

demo: $(VENV)/.installed
	@rm -rf $(DEMO_INDEX)
	@$(BIN)/searchsvc index $(SAMPLES) --index $(DEMO_INDEX)
	@echo
	@echo "Open http://$(HOST):$(PORT)/?q=serangan+teroris   (Ctrl-C stops it)"
	@echo
	@$(BIN)/searchsvc serve --index $(DEMO_INDEX) --host $(HOST) --port $(PORT)

serve: $(VENV)/.installed
	@$(BIN)/searchsvc serve $(if $(INDEX),--index $(INDEX)) --host $(HOST) --port $(PORT)

# --- working on it -------------------------------------------------------------------------------

# A process for each core; the tests of a file share its servers and indexes.
test: $(VENV)/.installed-test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

coverage: $(VENV)/.installed-test
	$(PIP) --quiet "pytest-cov>=5"
	$(BIN)/python -m pytest -q --cov=indexer --cov=searchsvc --cov-report=term:skip-covered

lint: $(VENV)/.installed-test
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy $(TYPED)

format: $(VENV)/.installed-test
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

check: lint test

# Hashes of packages, the identities of stored indexes, and addresses made up for fuzzing.
NO_SECRETS := ^requirements(-test)?\.lock$$|^tests/(data/index-format-|fuzz/corpus/)

secrets: $(VENV)/.installed-ci
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook \
	  --exclude-files '$(NO_SECRETS)' --exclude-secrets '$(ARTICLE_ID)'

lock: $(VENV)/.installed
	$(PIP) --quiet uv
	$(COMPILE) --upgrade --output-file requirements.lock
	$(COMPILE) --upgrade --extra test --extra ci --constraint requirements.lock \
	  --output-file requirements-test.lock

licences: $(VENV)/.installed
	$(BIN)/python .ci/list_licences.py

bench: $(VENV)/.installed-bench
	$(BIN)/python -m bench run $(if $(ENGINES),--engines $(ENGINES))
	$(if $(ENGINES),,$(BIN)/python -m bench goals --reuse)

# --- whole campaigns, whose short forms are among the tests --------------------------------------

# Linux, with a C compiler.
faults: $(VENV)/.installed-test
	cd tests && PYTHONPATH=..:. $(abspath $(BIN))/python -m faults.crafted --trials 2000
	cd tests && PYTHONPATH=..:. $(abspath $(BIN))/python -m faults.powerloss --each 20
	cd tests && PYTHONPATH=..:. $(abspath $(BIN))/python -m faults.memory
	cd tests && PYTHONPATH=..:. $(abspath $(BIN))/python -m faults.campaign
	cd tests && PYTHONPATH=..:. $(abspath $(BIN))/python -m faults.history --runs 100

# Of one node of three; needs mvn and Java 21 or newer, fetches OpenSearch.
faults-cluster: $(VENV)/.installed-test
	cd tests && for victim in primary manager replica; do \
	  PYTHONPATH=..:. $(abspath $(BIN))/python -m faults.node_loss --victim $$victim || exit; done

fuzz: fuzz-inputs fuzz-http

fuzz-inputs: $(VENV)/.installed-test
	-$(PIP) --editable '.[fuzz]'
	PYTHONPATH=.:tests $(BIN)/python -m fuzz --minutes $(or $(MINUTES),10)

# One in twenty is sent to a server byte by byte, some are drawn from the API's own description, and
# the rest go to every address of both protocols without a socket between.
fuzz-http: $(VENV)/.installed-test $(VENV)/.installed-ci
	FUZZ_REQUESTS=$$(($(or $(REQUESTS),100000) / 20)) FUZZ_SEED=$$(date +%s) \
	  $(BIN)/python -m pytest -q tests/searchsvc/test_fuzz_http.py
	FUZZ_REQUESTS=$$(($(or $(REQUESTS),100000) / 500)) \
	  $(BIN)/python -m pytest -q tests/searchsvc/web/test_web_schema.py
	FUZZ_REQUESTS=$$(($(or $(REQUESTS),100000) / 200)) \
	  $(BIN)/python -m pytest -q tests/searchsvc/meilisearch/test_odd_requests.py
	PYTHONPATH=.:tests $(BIN)/python -m fuzz.service --requests $(or $(REQUESTS),100000)

# Linux.
soak: $(VENV)/.installed-test
	PYTHONPATH=.:tests $(BIN)/python -m soak --seconds $(or $(SECONDS),3600)

clean:
	if [ -f $(VENV)/pyvenv.cfg ]; then rm -rf $(VENV); fi
	rm -rf $(DEMO_INDEX) $(NATIVE)/core.so* $(NATIVE)/core.dylib* build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
