#!/bin/bash
# Breaks the kernels and tapes in one place after the other and tells whether the
# tests notice: removes each barrier, and each check of bounds. Needs g++, takes
# about a quarter of an hour. Run it after changes of barriers:
#   emu/mutate.sh [PATTERN]     only mutants whose text matches
# A mutant that survives is a barrier that is not needed, or a test that is missing.
set -u
cd "$(dirname "$0")/.."
export CGO_ENABLED=1 CGO_CFLAGS="-O2 -I$PWD/cudadl/include" CGO_LDFLAGS="-L$PWD/cudadl/link"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
only=${1:-.}
survived=0

# try NAME: runs the tests on $work/kernels and $work/overlay.json.
try() {
  if KERNELS="$work/kernels" timeout 300 go test -count=1 -tags cuda -overlay "$work/overlay.json" \
    -run 'TestTiersAgree|TestDivergence|TestGradientError|TestParity/(auto|grid)' . >"$work/out" 2>&1; then
    echo "SURVIVED $1"
    survived=$((survived + 1))
  else
    echo "caught   $1: $(grep -m1 -oE 'deadlock[^,]*|access outside its memory|differs from [a-z ]*|number [0-9]+ is|off by|panic: test timed out' "$work/out" | head -1)"
  fi
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
  echo '{}' >"$work/overlay.json"
  try "$1:$2 $text"
}

# tape FILE LINE SED: one mutant of what makes tapes.
tape() {
  local text
  text=$(sed -n "$2s/^[[:space:]]*//p" "$1")
  [[ "$text" =~ $only ]] || return
  rm -rf "$work/kernels" && cp -r kernels "$work/kernels"
  sed "$2$3" "$1" >"$work/mutant.go"
  echo "{\"Replace\": {\"$PWD/$1\": \"$work/mutant.go\"}}" >"$work/overlay.json"
  try "$1:$2 $text"
}

for f in team.h product.h kernels.cu; do
  for l in $(mutants kernels/$f 'KSYNC\(\);|team_sync\(c\);'); do kernel $f "$l" 's/KSYNC();\|team_sync(c);/;/'; done
done
kernel product.h "$(mutants kernels/product.h 'i0 \+ i < M')" 's/if (.*) out/out/'
kernel product.h "$(mutants kernels/product.h 'row0 \+ row < rows')" 's/row0 + row < rows && k0 + k < K ? \(.*\) : 0.0f;/\1;/'
kernel layers.h "$(mutants kernels/layers.h '4 \* q \+ j < n')" 's/ && 4 \* q + j < n//'
for f in build.go backward.go; do
  for l in $(mutants $f 'b\.add\(.*, true, '); do tape $f "$l" 's/, true, /, false, /'; done
  for l in $(mutants $f '\.sync = 1'); do tape $f "$l" 's/\.sync = 1/.sync |= 0/'; done
done
echo "$survived survived"
[ "$survived" = 0 ]
