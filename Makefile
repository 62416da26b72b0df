# What a contributor types. `.ci/run` calls `make test`; there is no second way to be green.

# Folder of measured traces and tables. Only this file and the tests know it: the program takes paths.
TIDEWAY_DATA ?= ../shared
override TIDEWAY_DATA := $(abspath $(TIDEWAY_DATA))
export TIDEWAY_DATA

SWIFT ?= swift
SOURCES := Sources Tests Benchmarks/Sources Benchmarks/Package.swift Package.swift
DEMO_TRACE := $(TIDEWAY_DATA)/traces/azure-llm-2023/AzureLLMInferenceTrace_code.csv

# Tests with sockets, processes and real engines run apart, one after the other: beside those that keep all cores busy they
# wait for answers too long.
TESTS_IN_TURN := GatewayTests LinkTests EmulatorTests LoadTests ProcessesTests RuntimeTests AssemblyTests LiveTests ExampleTests

.PHONY: help examples-setup demo test bench format lint bootstrap build

help:
	@echo "make demo       two workloads, emulated accelerators, real traffic for two minutes: live figures and a table"
	@echo "make test       everything that must hold: format, warnings, tests"
	@echo "make bench      the benchmarks"
	@echo "make build      the program, optimised, at .build/release/tideway"
	@echo "make format     rewrite the sources in the project's format"
	@echo "make lint       check the format only"
	@echo "make examples-setup  install the real engines of examples/ (llama.cpp, TensorFlow: 1.6 GB)"
	@echo "make bootstrap  install what is missing to build and to test, and say why"

bootstrap:
	@dev/bootstrap

build:
	@dev/bootstrap --build-only
	$(SWIFT) build -c release --product tideway

# Without the measured trace request sizes are generated, which the program says.
demo: build
	@mkdir -p out
	.build/release/tideway demo --json out/demo.json $(if $(wildcard $(DEMO_TRACE)),--trace $(DEMO_TRACE))

examples-setup:
	@dev/bootstrap --examples

test: bootstrap lint
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build $(foreach target,$(TESTS_IN_TURN),--skip '$(target)\.')
	$(SWIFT) test --skip-build --no-parallel $(foreach target,$(TESTS_IN_TURN),--filter '$(target)\.')
	@dev/bootstrap --report

bench: build
	cd Benchmarks && $(SWIFT) build -c release
	Benchmarks/.build/release/benchmarks agreement
	Benchmarks/.build/release/benchmarks speed

format:
	$(SWIFT) format -i -p -r $(SOURCES)

lint:
	$(SWIFT) format lint --strict -p -r $(SOURCES)
