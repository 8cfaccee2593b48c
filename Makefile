# Kindly Weekly. `make help` lists the targets.

GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
OUT ?= out

# The stack for deploy, manifest and logs.
STAGE ?= dev
STACK ?= kindly-weekly-$(STAGE)
SAM ?= $(or $(wildcard .venv/bin/sam),sam)

# The folder and the processor that build builds for. Lambda's is arm64; this machine's may be
# amd64.
BUILD ?= .aws-sam/build
ARCH ?= arm64

.DEFAULT_GOAL := help
.PHONY: help demo gallery tenseconds test race lint bench fuzz mutate mutants torture soak bench-baseline bench-all bench-peers bench-tick simulate-monday measure-lambda zip-parts update clean build build-Tick build-Worker build-Slash validate deploy manifest logs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## write the reports of three made-up bots to out/ (or OUT=DIR); needs no account
	$(GO) run ./functions/kindly-weekly demo --out '$(OUT)'

# BEFORE is the OUT of an earlier gallery: compare.html shows its pictures beside the new ones.
gallery: ## render hard weeks in all editions and languages to out/gallery/; needs chromium, pdftoppm
	$(GO) test -count 1 -timeout 1h -run '^TestGallery$$' ./report -gallery '$(abspath $(OUT))/gallery' \
		$(if $(BEFORE),-before '$(abspath $(BEFORE))/gallery')

tenseconds: ## make what a reader sees first of some weeks, to ask people, in out/tenseconds/; needs chromium, pdftoppm
	$(GO) test -count 1 -run '^TestTenSeconds$$' ./report -tenseconds '$(abspath $(OUT))/tenseconds'

test: ## install the external validators and run all tests
	.ci/tools
	$(GO) test -timeout 30m ./...

race: ## run all tests with the race detector; needs a C compiler
	$(GO) test -race -timeout 1h ./...

lint: ## check format, vet, staticcheck, and that go.mod is tidy
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not gofmt:" $$unformatted >&2; exit 1; fi
	$(GO) vet ./... ./.ci/mutate
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod tidy -diff

BENCHSTAT = golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da
STAGES = GOMAXPROCS=1 $(GO) test -run '^$$' -bench '^BenchmarkStage$$' -benchtime 20x -count 6 ./report
STAGES_BASELINE = report/testdata/bench/stages.txt
bench: ## measure the stages of a report, and compare them with the baseline by benchstat
	mkdir -p '$(OUT)'
	$(STAGES) | tee '$(OUT)/stages.txt'
	$(GO) run $(BENCHSTAT) -filter '.unit:(cpu-ms/op OR budget-ms OR B/op OR allocs/op OR peak-MB)' \
		$(STAGES_BASELINE) '$(OUT)/stages.txt'

bench-baseline: ## write the baseline of bench; say in the commit why it grows
	mkdir -p $(dir $(STAGES_BASELINE))
	$(STAGES) | tee $(STAGES_BASELINE)

PEER_ROUNDS ?= 7
bench-peers: ## compare a report's CPU time with Chromium's, and with matplotlib and reportlab
	-cmp -s .ci/peers/requirements.txt .ci/peers/.venv/requirements.txt || { python3 -m venv .ci/peers/.venv && \
		.ci/peers/.venv/bin/pip install --quiet --disable-pip-version-check -r .ci/peers/requirements.txt && \
		cp .ci/peers/requirements.txt .ci/peers/.venv/; }
	$(GO) test -count 1 -timeout 1h -run '^TestPeers$$' -v ./report -peers $(PEER_ROUNDS)

bench-all: ## run all benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

FUZZTIME ?= 20s
fuzz: ## run every fuzz test for FUZZTIME (20s)
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

mutants: ## check that the tests find each known fault in testdata/mutants; takes half an hour
	.ci/mutants

MUTATED = report/delivery report/collect report/figures functions/worker functions/tick functions/alerting functions/channel/slack \
	functions/channel/email functions/slash functions/aws/secrets functions/tenantconfig functions/aws/store
PACKAGE ?= $(addprefix ./,$(MUTATED))
mutate: ## change PACKAGE in one place at a time; print what no test finds, and the score
	$(GO) run ./.ci/mutate $(PACKAGE)

KILLS ?= 100
SEED ?= 0 # 0: choose a new seed and print it; make test always uses its own
torture: ## kill the worker at KILLS (100) random moments; SEED repeats a run
	.ci/tools
	$(GO) test -count 1 -timeout 0 -v -run '^TestTorture$$' ./functions/internal/endtoend -kills $(KILLS) -seed $(SEED)

BOTS ?= 2000
WEEKS ?= 4
soak: ## run WEEKS (4) of BOTS (2000) while the API and Slack fail; SEED repeats a run
	$(GO) test -count=1 -timeout 1h -run '^TestSoak$$' -v ./functions/internal/faults -bots $(BOTS) -weeks $(WEEKS) -seed $(SEED)

# TICK_WIRE=1 measures with the AWS SDK, and with S3 and SQS in another process. TICK_SHARE is the
# part of a processor that the tick has: 0.29 in a Lambda of 512 MB. It is measured as root, who may
# make control groups, and else computed.
TICK_BOTS ?= 1000,10000,50000,200000
TICK_LATENCY ?= 0s
TICK_SHARE ?= 0
bench-tick: ## print what a tick of TICK_BOTS (1,000 to 200,000) costs: ms, MB, calls of the store
	$(GO) test -count 1 -timeout 1h -run '^TestTick_Scale$$' -v ./functions/tick -bots $(TICK_BOTS) \
		-latency $(TICK_LATENCY) -share $(TICK_SHARE) $(if $(TICK_WIRE),-wire)

OF_SAGE ?= 200ms
OF_AWS ?= 25ms
OF_SLACK ?= 200ms
MEMORY ?= 128,256,512,1024,1769
ROUNDS ?= 3
measure-lambda: ## print time, memory and cost of the functions by MEMORY, with latencies OF_SAGE, OF_AWS and OF_SLACK
	.ci/tools
	$(GO) test -count 1 -timeout 1h -run '^TestMeasureLambda$$' -v ./functions/internal/endtoend -measure \
		-of-sage $(OF_SAGE) -of-aws $(OF_AWS) -of-slack $(OF_SLACK) -memory $(MEMORY) -rounds $(ROUNDS)

zip-parts: ## print what the zip of each Lambda consists of
	$(GO) test -count 1 -run '^TestParts$$' -v ./functions/internal/stack -parts

MONDAY_BOTS ?= 10000
MONDAY_ROWS ?= 5,10,20,50,100,5 moment,50 moment,100 moment,50 sage
simulate-monday: ## print when a Monday of MONDAY_BOTS is delivered, by MaximumConcurrency, in MONDAY_ROWS; minutes for each row
	$(GO) test -count 1 -timeout 0 -run '^TestMonday$$' -v ./functions/internal/faults -monday-bots $(MONDAY_BOTS) \
		-monday-rows '$(MONDAY_ROWS)'

update: ## rewrite the golden files; read the diff
	$(GO) test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u) -update

# The functions of template.yaml. `kindly-weekly deploy` and `sam build` call build-Tick and so on,
# named after the resources, with ARTIFACTS_DIR. Builds are reproducible: no C, no paths, no version control stamp.
build: ## build the three Lambdas into BUILD for the processor ARCH
	$(MAKE) build-Tick ARTIFACTS_DIR=$(BUILD)/Tick
	$(MAKE) build-Worker ARTIFACTS_DIR=$(BUILD)/Worker
	$(MAKE) build-Slash ARTIFACTS_DIR=$(BUILD)/Slash

VERSION = $(shell git describe --always --dirty 2>/dev/null)

build-Tick: FUNCTION = tick
build-Worker: FUNCTION = worker
build-Slash: FUNCTION = slash
build-Tick build-Worker build-Slash:
	CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) $(GO) build -tags lambda.norpc -trimpath -buildvcs=false -ldflags "-s -w -X kindlyweekly/functions/about.version=$(VERSION)" \
		-o $(ARTIFACTS_DIR)/bootstrap ./functions/$(FUNCTION)/lambda

validate: ## check template.yaml with cfn-lint and SAM; part of make test
	.ci/tools
	$(GO) test ./functions/internal/stack

# FLAGS are more flags of the command, such as --yes or --set LogDays=30.
deploy: ## build and deploy the stack of STAGE (dev or prod); needs AWS credentials
	$(GO) run ./functions/kindly-weekly deploy --stage $(STAGE) --stack $(STACK) $(FLAGS)

manifest: ## print the manifest of the Slack app of STAGE, and a link that creates the app
	@$(GO) run ./functions/kindly-weekly manifest \
		$(if $(URL),--url '$(URL)' --stage $(STAGE),--stack $(STACK))

logs: ## follow the logs of the stack of STAGE; needs the SAM CLI and AWS credentials
	$(SAM) logs --stack-name $(STACK) --tail

clean: ## remove what the other targets made
	rm -rf out .aws-sam .venv .ci/node_modules .ci/verapdf/lib .ci/peers/.venv
