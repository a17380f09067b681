# SPDX-License-Identifier: Apache-2.0

PREFIX ?= /usr/local
SWIFT ?= swift
# The Swift runtime is linked in, so that the installed program needs no toolchain.
SWIFT_BUILD_FLAGS ?= --static-swift-stdlib

SIMULATOR_TESTS := ^SimulatorTests
TELEMETRY_TESTS := ^(OTLP|Telemetry|Transport)Tests

FUZZ_INPUTS ?= 1000000
FUZZ_SEED ?= 4711
SIM_SEEDS ?= 50
SIM_SEARCH_SEEDS ?= 10000
FUZZ_SECONDS ?= 300

BINARY := .build/release/swerve
ROOT := $(DESTDIR)$(PREFIX)
BASH_COMPLETION := $(ROOT)/share/bash-completion/completions/swerve
ZSH_COMPLETION := $(ROOT)/share/zsh/site-functions/_swerve
FISH_COMPLETION := $(ROOT)/share/fish/vendor_completions.d/swerve.fish
UNITS := $(ROOT)/lib/systemd/system
DOC := $(ROOT)/share/doc/swerve
DOCUMENTS := $(wildcard *.md LICENSE LICENSES docs policies deploy)

# The demo's and the benchmark's standard output is their result: what the build says goes to standard error.
BUILD := $(SWIFT) build --configuration release --product swerve $(SWIFT_BUILD_FLAGS)

.DEFAULT_GOAL := help
.PHONY: all build demo test soak fuzz-policy fuzz-otlp fuzz-transport sim-check sim-determinism sim-search sim-published canary schema bench bench-scale bench-otlp check format install uninstall clean help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

all: build ## The same as build

build: ## Build the release binary, .build/release/swerve
	@.ci/bootstrap build
	@$(BUILD)

demo: ## Build, then show steering on this machine (needs root); arguments in DEMO_ARGS
	@.ci/bootstrap test
	@$(BUILD) >&2
	@$(BINARY) demo $(DEMO_ARGS)

# One after the other: the simulator's tests keep all processors busy, those of telemetry are hundreds of ends of
# connections, and those of the kernel, among the rest, measure real time.
test: ## Run the tests (those that need root or a kernel feature say when they are skipped); or some, TEST_ARGS
	@.ci/bootstrap test
ifeq ($(TEST_ARGS),)
	@status=0; for part in --filter='$(SIMULATOR_TESTS)' --filter='$(TELEMETRY_TESTS)' \
	  --skip='$(SIMULATOR_TESTS)|$(TELEMETRY_TESTS)'; do \
	  $(SWIFT) test --disable-xctest "$$part" || status=1; done; exit $$status
else
	@$(SWIFT) test --disable-xctest $(TEST_ARGS)
endif

soak: ## Run the soak tests at full size: agent deaths, relay takeovers, removals, ten million requests, 1 GiB bodies, 1,000 reloads, telemetry in little memory and over restarts (a quarter of an hour)
	@.ci/bootstrap test
	@SWERVE_SOAK=full $(SWIFT) test --disable-xctest --filter 'SoakTests|VolumeTests|KernelTests.BreakerTests'

fuzz-policy: ## Read a million mutated policy files (some minutes); FUZZ_INPUTS, FUZZ_SEED
	@.ci/bootstrap test
	@SWERVE_FUZZ_INPUTS=$(FUZZ_INPUTS) SWERVE_FUZZ_SEED=$(FUZZ_SEED) $(SWIFT) test --disable-xctest --filter FuzzTests

sim-check: ## Build, then run the shipped scenarios of the simulator, without privileges or network
	@.ci/bootstrap build
	@$(BUILD) >&2
	@.ci/simulator check

sim-determinism: ## Build twice, then compare the simulator's traces: release, release again, debug; SIM_SEEDS
	@.ci/bootstrap build
	@$(BUILD) >&2
	@$(SWIFT) build --product swerve >&2
	@.ci/simulator determinism $(SIM_SEEDS)

sim-search: ## Build, then hunt for violations of invariants with 10,000 random schedules; SIM_SEARCH_SEEDS
	@.ci/bootstrap build
	@$(BUILD) >&2
	@$(BINARY) sim search --seeds $(SIM_SEARCH_SEEDS)

sim-published: ## Build, then compare selectors over the published scenarios, ten seeds, into .build/published.html and .md
	@.ci/bootstrap build
	@$(BUILD) >&2
	@$(BINARY) sim compare simulator/scenarios/published/*.yaml --seeds 10 \
	  --html .build/published.html --markdown .build/published.md

canary: ## Build the decision core with deliberate mistakes: the simulator must find every one of them
	@.ci/bootstrap build
	@SWERVE_CANARIES=1 $(SWIFT) build --configuration release --scratch-path .build/canary --product SimulatorCanary >&2
	@.ci/canary

# FUZZ_SECONDS is for each of the targets.
fuzz-otlp: ## Run libFuzzer with sanitizers on OTLP in protobuf, then in JSON, five minutes each; FUZZ_SECONDS
	@.ci/bootstrap test
	@Tests/Fuzz/run $(FUZZ_SECONDS) otlp-protobuf otlp-json

fuzz-transport: ## The same on gRPC's messages, HTTP/1.1 and HTTP/2, both ends, five minutes each; FUZZ_SECONDS
	@.ci/bootstrap test
	@Tests/Fuzz/run $(FUZZ_SECONDS) grpc-framing http1 http1-client http2 http2-client

schema: ## Write the JSON Schemas of policy files and scenario files anew, in policies/schema and simulator/scenarios/schema
	@.ci/bootstrap build
	@$(BUILD) >&2
	@$(BINARY) schema >policies/schema/policy.schema.json.new
	@mv policies/schema/policy.schema.json.new policies/schema/policy.schema.json
	@$(BINARY) schema --scenarios >simulator/scenarios/schema/scenario.schema.json.new
	@mv simulator/scenarios/schema/scenario.schema.json.new simulator/scenarios/schema/scenario.schema.json

bench: ## Build, then measure against direct TCP and other proxies; arguments in BENCH_ARGS
	@.ci/bootstrap bench
	@$(BUILD) >&2
	@$(BINARY) bench $(BENCH_ARGS)

bench-scale: ## Build, then measure with the largest tables the limits allow
	@.ci/bootstrap bench
	@$(BUILD) >&2
	@$(BINARY) bench --scale $(BENCH_ARGS)

bench-otlp: ## Build, then measure how fast a request of the OpenTelemetry SDK is read and written
	@.ci/bootstrap test
	@$(SWIFT) build --configuration release --product otlp-benchmark $(SWIFT_BUILD_FLAGS) >&2
	@.build/peers/venv/bin/python3 Tests/OTLPTests/Scripts/make-batches.py .build/otlp-benchmark benchmark 2>/dev/null
	@.build/release/otlp-benchmark .build/otlp-benchmark

check: ## Check formatting, scripts, links, licences and forbidden words
	@.ci/bootstrap check
	@.ci/check

format: ## Format Swift and C sources in place
	@.ci/bootstrap check
	@git ls-files -z --cached --others --exclude-standard '*.swift' | \
	  xargs -0r $(SWIFT) format format --in-place --parallel --configuration .swift-format
	@git ls-files -z --cached --others --exclude-standard 'bpf/*.[ch]' 'Sources/*.[ch]' \
	  ':!Sources/COTLP/generated' | \
	  xargs -0r "$$(command -v clang-format-14 || command -v clang-format)" -i

# Built when there is none yet; an existing binary is installed as it is, so that root need not build.
$(BINARY):
	@.ci/bootstrap build
	@$(BUILD)

install: $(BINARY) ## Install the binary, completions, systemd unit and documents (PREFIX, DESTDIR)
	@install -D --mode=755 $(BINARY) '$(ROOT)/bin/swerve'
	@install -d '$(dir $(BASH_COMPLETION))' '$(dir $(ZSH_COMPLETION))' '$(dir $(FISH_COMPLETION))' '$(UNITS)'
	@$(BINARY) --generate-completion-script bash >'$(BASH_COMPLETION)'
	@$(BINARY) --generate-completion-script zsh >'$(ZSH_COMPLETION)'
	@$(BINARY) --generate-completion-script fish >'$(FISH_COMPLETION)'
	@for unit in swerve.service swerve-relay@.service; do \
	  sed 's|/usr/local/bin/|$(PREFIX)/bin/|' "deploy/systemd/$$unit" >"$(UNITS)/$$unit" || exit 1; done
	@chmod 644 '$(BASH_COMPLETION)' '$(ZSH_COMPLETION)' '$(FISH_COMPLETION)' '$(UNITS)'/swerve*.service
	@find $(DOCUMENTS) -type f -exec sh -c \
	  'for file; do install -D --mode=644 "$$file" "$(DOC)/$$file" || exit 1; done' sh {} +
	@echo 'installed below $(ROOT)'

uninstall: ## Remove what install put there; what runs in the kernel stays (swerve uninstall removes that)
	@rm -f '$(ROOT)/bin/swerve' '$(BASH_COMPLETION)' '$(ZSH_COMPLETION)' '$(FISH_COMPLETION)'
	@rm -f '$(UNITS)/swerve.service' '$(UNITS)/swerve-relay@.service'
	@rm -rf '$(DOC)'
	@echo 'removed from $(ROOT)'

clean: ## Remove everything that was built
	@rm -rf .build
