# Needs only Go; `make gpu` needs gcc too. `make test` is ./test.sh.
VERSION ?= $(shell git describe --tags --always 2>/dev/null || echo dev)
TARGETS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: build gpu test release
build:
	CGO_ENABLED=0 go build -trimpath -o bin/mlpkernel .

# With the CUDA backend (Linux; no CUDA toolkit): see gpu/README.md.
gpu:
	CGO_ENABLED=1 CGO_CFLAGS="-O2 -I$(CURDIR)/gpu/cudadl/include" CGO_LDFLAGS="-L$(CURDIR)/gpu/cudadl/link" \
	  go build -trimpath -tags cuda -o bin/mlpkernel .

test:
	./test.sh

release:
	@for t in $(TARGETS); do \
	  os=$${t%/*}; arch=$${t#*/}; ext=; [ $$os = windows ] && ext=.exe; \
	  echo "dist/mlpkernel-$$os-$$arch$$ext"; \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o dist/mlpkernel-$$os-$$arch$$ext . || exit 1; \
	done
