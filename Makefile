# feedd: what a person or a machine does with this checkout. `make help` lists it.
#
# Everything is installed into $(VENV) from two locks in .ci/, the one set of versions that is known
# to work together, each file with its hash. Stamps in $(VENV) make the second call quick.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV   ?= .venv
CONFIG ?= config.toml
TESTS  ?= tests
JOBS   ?= 2

BIN      := $(VENV)/bin
LOCK     := .ci/lock.txt
DEV_LOCK := .ci/lock-dev.txt
PIP      := $(BIN)/python -m pip --disable-pip-version-check --quiet
SAY      := @printf '%s\n' >&2
NEEDS     = @test -e $(1) || { echo "$(1) is not there yet" >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help run demo test test-minimum torture fuzz mutation lint fmt bench bench-quick bench-extraction bench-freshness bench-million \
	bench-growth bench-cleaning soak \
	dist listing man pictures lock audit-dependencies clean

help:            ## this list
	@sed -n 's/^\([a-z-]*\): .*## */\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

run: $(VENV)/feedd.stamp     ## set up, then poll in the foreground with ./config.toml
	$(SAY) "Polling $(CONFIG) until Ctrl-C; in another terminal: $(BIN)/feedd read"
	@$(BIN)/feedd --config $(CONFIG) run

demo: $(VENV)/feedd.stamp    ## set up, then show feedd at work on a small site of its own; needs no network
	@$(BIN)/feedd demo

test: lint       ## set up, then lint and all tests
	$(SAY) "Running the tests ($(TESTS)) in $(JOBS) processes; all of them take about six minutes."
	@$(BIN)/python -m pytest -n $(JOBS) $(TESTS)

test-minimum:    ## all tests, with the oldest versions of the libraries that are allowed
	JOBS='$(JOBS)' TESTS='$(TESTS)' .ci/minimum '$(PYTHON)'

torture: $(VENV)/dev.stamp   ## kill the daemon 100 times by SIGKILL and 100 times by SIGTERM, and count what is left
	FEEDD_KILLS=100 $(BIN)/python -m pytest -n $(JOBS) tests/torture

fuzz: $(VENV)/dev.stamp      ## ten minutes of hostile bytes at every gate; needs atheris, else it is skipped
	@$(PIP) install atheris || true
	$(BIN)/python -m tests.fuzz 560

mutation: $(VENV)/dev.stamp  ## a quarter of an hour of small changes to the code: do the tests notice?
	$(BIN)/python -m tests.mutation --jobs $(JOBS)

lint: $(VENV)/dev.stamp      ## ruff and mypy --strict
	$(SAY) "Checking style (ruff) and types (mypy --strict); a minute the first time, then seconds."
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

fmt: $(VENV)/dev.stamp       ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.stamp     ## feedd and other readers on the same feeds: a table of ratios
	$(BIN)/python -m benchmarks.poll

bench-quick: $(VENV)/dev.stamp  ## the same on a tenth of the feeds, one run
	$(BIN)/python -m benchmarks.poll --quick

bench-extraction: $(VENV)/dev.stamp  ## how well articles are found in pages
	$(call NEEDS,benchmarks/extraction.py)
	$(BIN)/python -m benchmarks.validation
	$(BIN)/python -m benchmarks.extraction
	$(BIN)/python -m benchmarks.pages --rivals
	$(BIN)/python -m benchmarks.structure
	$(BIN)/python -m benchmarks.survival --every 5

bench-freshness: $(VENV)/dev.stamp  ## how soon new entries are found, by requests spent
	$(BIN)/python -m benchmarks.freshness

bench-million: $(VENV)/dev.stamp  ## how long lists and searches take on a million entries
	$(BIN)/python -m benchmarks.million
	$(BIN)/python -m benchmarks.unchanged

bench-growth: $(VENV)/dev.stamp  ## time and memory a feed at 1,000, 5,000 and 10,000 feeds
	$(BIN)/python -m benchmarks.growth

bench-cleaning: $(VENV)/dev.stamp  ## article pages a second, one cleaning process against two
	$(BIN)/python -m benchmarks.cleaning

soak: $(VENV)/dev.stamp      ## a simulated month of polling: does anything grow?
	$(BIN)/python -m benchmarks.soak

dist: $(VENV)/dev.stamp      ## sdist and wheel in dist/
	$(BIN)/python -m hatchling build

listing: $(VENV)/dev.stamp   ## write the list of files in docs/architecture.md anew
	$(BIN)/python docs/listing.py

pictures: $(VENV)/feedd.stamp  ## play feedd read on the demo's feeds and write the pictures and captures of the docs anew
	$(BIN)/python docs/screenshots.py

man: $(VENV)/dev.stamp       ## write docs/feedd.1 anew from the help of the commands
	$(BIN)/python docs/manpage.py > docs/feedd.1.new
	mv docs/feedd.1.new docs/feedd.1

lock:            ## write the locks in .ci anew, with the newest versions that are allowed
	.ci/resolve '$(PYTHON)'

audit-dependencies:  ## is a weakness of any locked dependency known?
	.ci/audit '$(PYTHON)'

clean:           ## remove what the targets above made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/python.stamp:
	@test -n "$(PYTHON)" || { echo 'feedd needs Python 3.11 or newer: install it, or say where it is with make PYTHON=…' >&2; exit 1; }
	$(SAY) "Setting up $(VENV) with $$($(PYTHON) --version), once; about a minute in all."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# hatchling builds the package; without isolation it is the locked one. The check tells whether the
# lock has all that pyproject.toml asks for.
$(VENV)/feedd.stamp: pyproject.toml $(LOCK) $(VENV)/python.stamp
	@.ci/install $(BIN)/python $(LOCK) "the libraries that feedd uses"
	$(SAY) "Installing feedd itself: some seconds. It is then called as $(BIN)/feedd."
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q feedd  # pip leaves an editable package to its first start, which may not write
	@$(PIP) check >/dev/null || { $(PIP) check; exit 1; }
	@touch $@

$(VENV)/dev.stamp: $(DEV_LOCK) $(VENV)/feedd.stamp
	@.ci/install $(BIN)/python $(DEV_LOCK) "the tools that check and test"
	@touch $@
