#!/usr/bin/env bash
# The project's whole test: `./test.sh`. It installs what it needs beyond Go
# where it can (Debian's packages through apt) and says in a plain line what
# it had to leave out where it cannot. Long things (soak, benchmarks beside
# peers, all of Fashion-MNIST) are commands of their own; see CONTRIBUTING.md.
set -euo pipefail
cd "$(dirname "$0")"
export CGO_ENABLED=0
left_out=()
started=$SECONDS
patience='-timeout 45m' # of a package's tests, on a slow and busy machine

step() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - started)); }
leave_out() { left_out+=("$1"); printf 'left out: %s\n' "$1"; }
have() { command -v "$1" >/dev/null 2>&1; }

# install PACKAGE...: through apt, as root or by sudo without a question.
install() {
  have apt-get || return 1
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    sudo=(sudo -n)
  fi
  if ! dpkg -s "$@" >/dev/null 2>&1; then
    "${sudo[@]}" apt-get -q -o DPkg::Lock::Timeout=300 update >/dev/null &&
      DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 install -y \
        --no-install-recommends "$@" >/dev/null || return 1
  fi
}

step "what the tests use beyond Go"
install gcc g++ libc6-dev || have gcc || leave_out "race detector and CUDA build: no gcc, and apt could not install it"
install jupyter-client python3-jupyter-client python3-jupyter-kernel-test python3-ipykernel \
  python3-nbclient python3-nbconvert jupyter-nbconvert jupyter-console python3-pexpect ||
  leave_out "real Jupyter clients: apt could not install Debian's Jupyter packages"
install jupyter-notebook chromium chromium-driver fonts-liberation ||
  leave_out "the kernel in a browser: apt could not install jupyter-notebook, chromium and chromium-driver"
install fonts-nanum || leave_out "Hangul in PNG pictures: apt could not install fonts-nanum"
install qemu-user || leave_out "arm64 arithmetic: apt could not install qemu-user"

step "format"
unformatted=$(gofmt -l $(git ls-files '*.go'))
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted"; exit 1; }

step "modules"
go mod tidy -diff

step "build and vet"
go build ./...
go vet ./...
go vet -C nn/internal/kern/gen .

step "staticcheck"
go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

step "tests"
go test $patience ./...

step "notebooks give what they show"
go build -o bin/mlpkernel .
bin/mlpkernel verify notebooks/*.ipynb notebooks/ko/*.ipynb

if have gcc; then
  step "tests under the race detector"
  CGO_ENABLED=1 go test $patience -race -short ./...
fi

if have g++; then
  step "CUDA build, and its kernels on a look-alike of a GPU"
  install clang-19 || leave_out "kernels.ptx compared with its source: apt could not install clang-19"
  make gpu
  cuda_env=(CGO_ENABLED=1 "CGO_CFLAGS=-O2 -I$PWD/gpu/cudadl/include" "CGO_LDFLAGS=-L$PWD/gpu/cudadl/link")
  env "${cuda_env[@]}" go vet -tags cuda ./gpu/... .
  env "${cuda_env[@]}" go test $patience -tags cuda ./gpu/...
  bin/mlpkernel verify notebooks/*.ipynb # the CUDA build, perhaps without a driver
fi

step "short fuzzing"
# Every fuzz target of every package, a few seconds each. A limit of time now
# and then fails by itself with "context deadline exceeded", which is no finding.
fuzz() {
  local log
  log=$(go test -run '^$' -fuzz "^$2\$" -fuzztime 3s -fuzzminimizetime 10x "$1" 2>&1) && echo "ok $1 $2" && return
  if grep -q 'context deadline exceeded' <<<"$log" && ! grep -q 'Failing input' <<<"$log"; then
    echo "ok $1 $2 (ended by its limit)"
    return
  fi
  echo "$log"
  return 1
}
go list -f '{{if .TestGoFiles}}{{.ImportPath}}{{else if .XTestGoFiles}}{{.ImportPath}}{{end}}' ./... | while read -r pkg; do
  for target in $(go test -list '^Fuzz' "$pkg" | sed -n '/^Fuzz/p'); do
    fuzz "$pkg" "$target"
  done
done

step "other systems: build, vet and compile the tests"
for target in linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do
  echo "$target"
  GOOS=${target%/*} GOARCH=${target#*/} go vet ./...
done

if have qemu-aarch64; then
  step "arm64 arithmetic under qemu"
  GOARCH=arm64 go test $patience -short -exec qemu-aarch64 ./nn ./nn/mathx ./nn/philox ./nn/reference ./nn/internal/...
  # Of the fast backend only what shows its bits: emulated, its other tests take too long.
  GOARCH=arm64 go test $patience -short -exec qemu-aarch64 -run 'Fingerprints|XOR' ./nn/cpu
fi

step "done"
if [ ${#left_out[@]} -gt 0 ]; then
  printf 'left out: %s\n' "${left_out[@]}"
fi
