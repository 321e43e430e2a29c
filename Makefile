# make test    install what is missing, then every check
# make demo    install what is missing, then JupyterLab on the quickstart (NO_BROWSER=1 only prints the address)
# make bench   nbblocks beside Gradio and ipywidgets; `make bench-engine`: its events alone, without pages;
#              `make bench-transfers`: files to and from the kernel
# make format  let the formatters write
# make clean   remove what was built and installed

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BENCH := .venv-bench
PACKAGES := js/node_modules/.installed
BUNDLE := nbblocks/static/bundle.js
FRONT_END := $(shell find js/src -type f 2>/dev/null) $(wildcard js/*.mjs js/*.json)

# The front-end is built by its own rule below, not again by each installation.
export HATCH_JUPYTER_BUILDER_SKIP_NPM := 1

.PHONY: test demo bench bench-engine bench-transfers format clean environment browser lint contract front-end python
.NOTPARALLEL:
.DELETE_ON_ERROR:

test: environment browser lint contract front-end python

demo: environment
	$(BIN)/jupyter lab --allow-root --ServerApp.root_dir=notebooks \
		--LabApp.default_url=/lab/tree/quickstart.ipynb $(if $(NO_BROWSER),--no-browser)

bench: $(BUNDLE) $(BENCH)/.installed
	$(BENCH)/bin/python tests/browser/chromium.py
	$(BENCH)/bin/python benchmarks/run.py $(BENCH_ARGS)

bench-engine: $(BENCH)/.installed
	$(BENCH)/bin/python benchmarks/engine.py $(BENCH_ARGS)

bench-transfers: $(BUNDLE) $(BENCH)/.installed
	$(BENCH)/bin/python tests/browser/chromium.py
	$(BENCH)/bin/python benchmarks/transfers.py $(BENCH_ARGS)

format: environment
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd js && npm run format

clean:
	rm -rf $(VENV) $(BENCH) js/node_modules nbblocks/static build dist test-results
	rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# -- what is installed and built

environment: $(INSTALLED) $(BUNDLE)

# $(call install,FOLDER,EXTRA): a virtual environment with this package, editable, and the extra
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed")'
	if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(1) && \
		uv pip install --quiet --python $(1)/bin/python -e '.[$(2)]'; \
	else \
		test -x $(1)/bin/pip || $(PYTHON) -m venv $(1) && \
		$(1)/bin/pip install --quiet --disable-pip-version-check -e '.[$(2)]'; \
	fi
	touch $(1)/.installed
endef

$(INSTALLED): pyproject.toml
	$(call install,$(VENV),dev)

$(BENCH)/.installed: pyproject.toml
	$(call install,$(BENCH),bench)

$(PACKAGES): js/package.json js/package-lock.json
	cd js && npm ci --no-audit --no-fund
	touch $@

$(BUNDLE): $(PACKAGES) $(FRONT_END)
	cd js && npm run build
	touch $@

# -- the checks, in the order of `make test`

browser: $(INSTALLED)
	$(BIN)/python tests/browser/chromium.py

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

contract:
	$(BIN)/python -m nbblocks.bridge.contract --check

front-end:
	cd js && npm run check
	cd js && npm test

python:
	$(BIN)/pytest -n logical --maxprocesses 4 --dist worksteal --ignore tests/browser
	$(BIN)/pytest tests/browser
