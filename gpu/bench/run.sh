#!/bin/bash
# All that wants a GPU, in one command: the tests on it, NVIDIA's compute-sanitizer
# where it is found, and the table of step times.
#   gpu/bench/run.sh          on a machine with a GPU, Go and gcc
#   gpu/bench/run.sh --dry    small sizes on the emulation (needs g++): to see that it runs
# PYTHON names the Python whose PyTorch and JAX are timed (python3).
set -euo pipefail
cd "$(dirname "$0")/../.."
export CGO_ENABLED=1 CGO_CFLAGS="-O2 -I$PWD/gpu/cudadl/include" CGO_LDFLAGS="-L$PWD/gpu/cudadl/link"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go test -tags cuda -c -o "$work/gpu.test" ./gpu
go build -tags cuda -o "$work/bench" ./gpu/bench
dry=()
if [ "${1:-}" = --dry ]; then
  dry=(-dry)
  gpu/emu/build.sh "$work/fake.so"
  export MLPKERNEL_LIBCUDA=$work/fake.so MLPKERNEL_CUBLASLT=$work/fake.so
  (cd gpu && "$work/gpu.test" -test.run 'TestDivergence|TestReport')
else
  (cd gpu && "$work/gpu.test" -test.v) | grep -E '^(---|ok|PASS|FAIL|\s+---)' || echo 'the tests FAIL: see above'
  if sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda*/bin/compute-sanitizer 2>/dev/null | tail -1) && [ -n "$sanitizer" ]; then
    for tool in memcheck racecheck; do
      echo "== compute-sanitizer $tool"
      (cd gpu && "$sanitizer" --tool $tool --error-exitcode 1 "$work/gpu.test" -test.run 'TestTiersAgree|TestDivergence|TestRecording' | tail -5) || echo "$tool finds faults: see above"
    done
  else
    echo "compute-sanitizer is not here: memcheck and racecheck are left out"
  fi
fi
"$work/bench" "${dry[@]}" -python "${PYTHON:-python3}"
