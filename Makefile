# make run: set up what is missing, then start Photofeed. make test, make check: what every change must pass.
# make bench: what Photofeed costs here, beside other servers; make bench-feed, make bench-writes and so on: one of them.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= /usr/bin/python3 python3.11 python3.12 python3.13 python3
BENCHES := operations fanout writes growth executor feed-read strong-mode publications subscribers data-path

# uv takes 5 s where pip takes 35 s; pip, where it alone knows the way to the packages.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python $(1) || $(BIN)/pip install --quiet $(1)

.PHONY: run test test-long check bench bench-feed $(BENCHES:%=bench-%) lock clean

run: $(VENV)/run server/graphiql/node_modules
	@$(BIN)/photofeed up

test: $(VENV)/dev server/graphiql/node_modules tests/node/node_modules
	$(BIN)/pytest -n 2

test-long: $(VENV)/dev server/graphiql/node_modules tests/node/node_modules
	$(BIN)/pytest -n 2 -m long -rP
	$(BIN)/pytest -n 2 --by-core tests/api tests/jobs tests/privacy tests/services tests/timelines

check: $(VENV)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/photofeed schema | diff -u schema.graphql -
	$(BIN)/python -m migrations.check

# One after the other: each wants the machine for itself. Which of them failed is told at the end.
bench: $(VENV)/dev
	@trap 'exit 130' INT; failed=; for name in feed $(BENCHES); do \
		$(MAKE) --no-print-directory bench-$$name || failed="$$failed bench-$$name"; \
	done; test -z "$$failed" || { echo "Failed:$$failed; what they say is above." >&2; exit 1; }

# Without the peers' packages it measures the others, and fails then.
bench-feed: $(VENV)/dev
	-@$(MAKE) --no-print-directory bench/peers/node/node_modules
	$(BIN)/python -m bench.feed

$(BENCHES:%=bench-%): bench-%: $(VENV)/dev
	$(BIN)/python -m bench.$(subst -,_,$*)

# No addresses of package indexes get into the locks. UPGRADE=--upgrade takes newer versions.
compile = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes $(UPGRADE) \
	--custom-compile-command "make lock" --extra setup --extra embedded
lock: $(VENV)/dev
	$(compile) pyproject.toml --output-file requirements.lock
	$(compile) --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

# The data of `make run` stay: delete .photofeed to start anew.
clean:
	rm -rf $(VENV) server/graphiql/node_modules tests/node/node_modules bench/peers/node/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# The system's Python first: distributions compile theirs with profile-guided optimization, version managers often without.
$(VENV)/bin/python:
	@for python in $(PYTHON); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -m venv --clear $(VENV) >/dev/null 2>&1 && exit; \
		rm -rf $(VENV); echo "$$python cannot make a virtual environment; on Debian: apt install python3-venv."; \
	done; echo "Photofeed needs Python 3.11 or newer, found none; PYTHON=/path/to/python3 says where it is."; exit 1

$(VENV)/uv: | $(VENV)/bin/python
	@echo "Setting up $(VENV) ..."
	@sed -n '/^uv==/,/^    # via/p' requirements.lock > $@.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $@.lock
	@touch $@

$(VENV)/run: requirements.lock pyproject.toml $(VENV)/uv
	@$(call install,--require-hashes --requirement requirements.lock)
	@$(call install,--no-deps --no-build-isolation --editable .)
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/run
	@$(call install,--require-hashes --requirement requirements-dev.lock)
	@touch $@

%/node_modules: %/package-lock.json $(VENV)/run
	@echo "Fetching what $* needs from npm ..."
	@cd $* && PATH="$(abspath $(BIN)):$$PATH" npm ci --no-audit --no-fund --ignore-scripts --no-update-notifier --loglevel=error >/dev/null
	@touch $@
