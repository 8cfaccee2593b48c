# Kindly Weekly. `make help` lists what there is.

GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
OUT ?= out

# The stack that deploy, manifest and logs are about: an environment of samconfig.toml.
STAGE ?= dev
STACK ?= kindly-weekly-$(STAGE)
SAM ?= $(or $(wildcard .venv/bin/sam),sam)

# Where build puts the functions, and the processor they are for: arm64 is Lambda's, amd64 may be this machine's.
BUILD ?= .aws-sam/build
ARCH ?= arm64

.DEFAULT_GOAL := help
.PHONY: help demo gallery test race lint bench fuzz mutate mutants torture soak update clean build build-Tick build-Worker build-Slash validate deploy manifest logs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## make the weekly reports of three made-up bots into out/ (OUT=DIR: elsewhere), without key or network
	$(GO) run ./functions/kindly-weekly demo --out '$(OUT)'

gallery: ## draw every edition of difficult weeks, in all languages, and of all bots into out/gallery/, to look at (needs chromium, pdftoppm)
	$(GO) test -count 1 -timeout 1h -run '^TestGallery$$' ./report -gallery '$(abspath $(OUT))/gallery'

test: ## install the tools that judge editions and template, and run all tests
	.ci/tools
	$(GO) test ./...

race: ## run all tests with the race detector, which needs a C compiler
	$(GO) test -race ./...

lint: ## check format, vet, staticcheck, and that go.mod is tidy
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not gofmt:" $$unformatted >&2; exit 1; fi
	$(GO) vet ./... ./.ci/mutate
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod tidy -diff

bench: ## measure the whole report, each chart, the PDF, and the client against a slow Sage
	$(GO) test -run '^$$' -bench . -benchmem ./...

FUZZTIME ?= 20s
fuzz: ## look for new failures with every fuzz test, FUZZTIME each
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

mutants: ## show that the fault runs, and the upgrade's, find every mutant in their testdata/mutants; takes some minutes
	.ci/mutants

MUTATED = report/delivery report/collect report/figures functions/worker functions/tick functions/alerting functions/channel/slack \
	functions/channel/email functions/slash functions/aws/secrets functions/tenantconfig functions/aws/store
PACKAGE ?= $(addprefix ./,$(MUTATED))
mutate: ## change the code of PACKAGE in one place at a time; print each change that no test finds, and the score
	$(GO) run ./.ci/mutate $(PACKAGE)

KILLS ?= 100
SEED ?= 0 # 0: a new one, which is printed; make test has its own, the same each time
torture: ## kill functions at random moments, KILLS of the worker's invocations; SEED makes the choices of an earlier run again
	.ci/tools
	$(GO) test -count 1 -timeout 0 -v -run '^TestTorture$$' ./functions/internal/endtoend -kills $(KILLS) -seed $(SEED)

BOTS ?= 2000
WEEKS ?= 4
soak: ## four weeks of 2,000 bots, while Sage and Slack fail all the time; takes minutes (BOTS, WEEKS, and SEED to repeat one)
	$(GO) test -count=1 -timeout 1h -run '^TestSoak$$' -v ./functions/internal/faults -bots $(BOTS) -weeks $(WEEKS) -seed $(SEED)

update: ## write the golden files anew from what the program makes now; read the diff
	$(GO) test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u) -update

# The functions of template.yaml. `sam build` calls build-Tick and so on, with ARTIFACTS_DIR saying where to; its name of
# each is that of the resource. The same source makes the same bytes anywhere: no C, no paths, no version control stamp.
build: ## build the three Lambdas into BUILD, for the processor ARCH
	$(MAKE) build-Tick ARTIFACTS_DIR=$(BUILD)/Tick
	$(MAKE) build-Worker ARTIFACTS_DIR=$(BUILD)/Worker
	$(MAKE) build-Slash ARTIFACTS_DIR=$(BUILD)/Slash

build-Tick: FUNCTION = tick
build-Worker: FUNCTION = worker
build-Slash: FUNCTION = slash
build-Tick build-Worker build-Slash:
	CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) $(GO) build -tags lambda.norpc -trimpath -buildvcs=false -ldflags "-s -w" \
		-o $(ARTIFACTS_DIR)/bootstrap ./functions/$(FUNCTION)/lambda

validate: ## check template.yaml with cfn-lint and SAM; make test does it too
	.ci/tools
	$(GO) test ./functions/internal/stack

deploy: ## build, and bring the stack of STAGE (dev or prod) up to date; needs AWS credentials
	$(SAM) build
	$(SAM) deploy --config-env $(STAGE)

manifest: ## print the Slack app's manifest with the URL of the deployed stack, to be pasted into Slack
	@url="$(URL)"; \
	[ -n "$$url" ] || url=$$(aws cloudformation describe-stacks --stack-name $(STACK) --output text \
		--query "Stacks[0].Outputs[?OutputKey=='SlashUrl'].OutputValue") || exit 1; \
	sed "s|https://example.com/slack/command|$$url|" functions/slash/manifest.yaml

logs: ## follow the logs of the stack of STAGE; needs AWS credentials
	$(SAM) logs --stack-name $(STACK) --tail

clean: ## remove what the targets above made
	rm -rf out .aws-sam .venv .ci/node_modules
