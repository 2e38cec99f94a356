#!/bin/bash
# Breaks the kernels and tapes in one place after the other and tells whether the
# tests notice: removes each barrier, and each check of bounds. Needs g++, takes
# a minute of two cores a mutant. Run it after changes of barriers:
#   emu/mutate.sh [PATTERN]     only mutants whose text matches
# A mutant that survives is a barrier that is not needed, or a test that is missing.
set -u
cd "$(dirname "$0")/.."
export CGO_ENABLED=1 CGO_CFLAGS="-O2 -I$PWD/cudadl/include" CGO_LDFLAGS="-L$PWD/cudadl/link"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
only=${1:-.}
survived=0
go test -c -o "$work/gpu.test" -tags cuda . || exit 1

# In the order of their cost; the first that fails is enough.
tests=(TestDivergence TestTiersAgree TestManyRows TestGradientError/float32 TestLibraryProducts 'TestLibrary/(fused|plain)/(chain|layers_all)' 'TestParity/(auto|grid)')

# try NAME BINARY: runs the tests on $work/kernels.
try() {
  local t status
  for t in "${tests[@]}"; do
    status=0
    KERNELS="$work/kernels" timeout 600 "$2" -test.failfast -test.run "^$t" >"$work/out" 2>&1 || status=$?
    [ $status = 0 ] || break
  done
  case $status in
  0) echo "SURVIVED $1" && survived=$((survived + 1)) ;;
  124) echo "TIMED OUT $1" && survived=$((survived + 1)) ;;
  *) echo "caught   $1: $t: $(grep -m1 -oE 'deadlock[^,]*|access outside its memory|differs from [a-z ]*|number [0-9]+ is|off by|panic: test timed out' "$work/out" | head -1)" ;;
  esac
}

# mutants FILE EXPRESSION: lines of a file with what sed makes of them.
mutants() {
  grep -nE "$2" "$1" | grep -vE '^[0-9]+:(//|KDEV|func|#)' | cut -d: -f1
}

# kernel FILE LINE SED: one mutant of a kernel's source.
kernel() {
  local text
  text=$(sed -n "$2s/^ *//p" "kernels/$1")
  [[ "$text" =~ $only ]] || return
  rm -rf "$work/kernels" && cp -r kernels "$work/kernels"
  sed -i "$2$3" "$work/kernels/$1"
  try "$1:$2 $text" "$work/gpu.test"
}

# tape FILE LINE SED: one mutant of what makes tapes.
tape() {
  local text
  text=$(sed -n "$2s/^[[:space:]]*//p" "$1")
  [[ "$text" =~ $only ]] || return
  rm -rf "$work/kernels" && cp -r kernels "$work/kernels"
  sed "$2$3" "$1" >"$work/mutant.go"
  echo "{\"Replace\": {\"$PWD/$1\": \"$work/mutant.go\"}}" >"$work/overlay.json"
  go test -c -o "$work/mutant.test" -tags cuda -overlay "$work/overlay.json" . && try "$1:$2 $text" "$work/mutant.test"
}

for f in team.h product.h kernels.cu; do
  for l in $(mutants kernels/$f 'KSYNC\(\);|team_sync\(c\);'); do kernel $f "$l" 's/KSYNC();\|team_sync(c);/;/'; done
done
kernel product.h "$(mutants kernels/product.h 'i0 \+ i < M')" 's/if (.*) out/out/'
kernel product.h "$(mutants kernels/product.h 'row0 \+ row < rows')" 's/row0 + row < rows && k0 + k < K ? \(.*\) : 0.0f;/\1;/'
for f in build.go backward.go library.go; do
  for l in $(mutants $f 'b\.add\(.*, true, '); do tape $f "$l" 's/, true, /, false, /'; done
  for l in $(mutants $f '\.sync = 1'); do tape $f "$l" 's/\.sync = 1/.sync |= 0/'; done
done
echo "$survived survived"
[ "$survived" = 0 ]
