#!/bin/sh
# Compiles the kernels to kernels.ptx, for sm_80 and everything newer, with
# clang alone: no CUDA toolkit, no CUDA headers. The committed file is that of
# clang 19.1.7; TestPTX compares.
set -eu
cd "$(dirname "$0")"
"${CLANG:-clang-19}" -x cuda --cuda-device-only -S -nocudainc -nocudalib --cuda-gpu-arch=sm_80 --cuda-feature=+ptx70 \
  -Wall -Wno-unknown-cuda-version -DKERN_BARE -O3 -mllvm -unroll-runtime=0 -ffp-contract=off -std=c++17 kernels.cu -o "${1:-kernels.ptx}"
