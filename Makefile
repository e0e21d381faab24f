# The two commands of the README are `make sample` and `make test`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help toolchain packages build sample sample-release test lint docs real bench bench-linkage bench-fit oracles clean

DATA ?=
KEEP ?=
ONLY ?=

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

toolchain:
	@Scripts/require-toolchain.sh

packages: toolchain
	@Scripts/install-packages.sh

build: packages ## Build the program in release mode
	swift build -c release --product stile

sample: build ## Make a sample deployment in sample/ and run its night
	@Scripts/sample.sh

sample-release: ## Play the reviewers of the sample with throw-away keys, and release its list
	@Scripts/sample-release.sh

test: packages ## Run all tests
	swift build --build-tests
	swift test --skip-build

lint: toolchain ## Check the formatting
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

bench: packages ## Measure each stage on data that it makes itself
	swift run --package-path Benchmarks -c release stile-bench

bench-linkage: packages ## Link beside Splink: make bench-linkage DATA=folder [QUICK=1]
	@Scripts/bench-linkage.sh $(if $(QUICK),--quick) "$(DATA)"

bench-fit: packages ## Every target of speed, beside other tools: make bench-fit [QUICK=1] [ONLY="dense sparse stream score"]
	@Scripts/bench-fit.sh $(if $(QUICK),--quick) $(if $(ONLY),--only "$(ONLY)")

oracles: packages ## Compare fits and evaluations with other tools' figures: make oracles DATA=folder
	@Scripts/oracles.sh $(if $(ONLY),--only "$(ONLY)") "$(DATA)"

docs: packages ## Build the documentation into docs-build/
	@Scripts/build-docs.sh

real: build ## Measure against published data: make real DATA=folder [KEEP=folder]
	@KEEP="$(KEEP)" Scripts/real.sh "$(DATA)"

clean: ## Remove the sample deployment and everything built
	rm -rf sample docs-build .build .build-* Benchmarks/.build Benchmarks/.venv Benchmarks/.cache
