# Kindly Weekly. `make help` lists what there is.

GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
OUT ?= out

.DEFAULT_GOAL := help
.PHONY: help demo test race lint bench fuzz update clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## make the weekly reports of three made-up bots into out/ (OUT=DIR: elsewhere), without key or network
	$(GO) run ./functions/local demo --out '$(OUT)'

test: ## install the tools that judge the editions, and run all tests
	.ci/tools
	$(GO) test ./...

race: ## run all tests with the race detector, which needs a C compiler
	$(GO) test -race ./...

lint: ## check format, vet, staticcheck, and that go.mod is tidy
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not gofmt:" $$unformatted >&2; exit 1; fi
	$(GO) vet ./...
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

update: ## write the golden files anew from what the program makes now; read the diff
	$(GO) test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u) -update

clean: ## remove what the targets above made
	rm -rf out .venv
