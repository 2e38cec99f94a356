#!/bin/sh
# Builds the look-alike of libcuda.so.1 and libcublasLt.so: emu/build.sh OUT.so
set -eu
cd "$(dirname "$0")"
"${CXX:-g++}" -std=c++17 -O2 -ffp-contract=off -mfma -fPIC -shared -fvisibility=hidden -Wall -Wno-unknown-pragmas -DKERN_EMU \
  -I. -I../cudadl/include -I../cublaslt -I"${KERNELS:-../kernels}" driver.cc fibers.cc lt.cc -x c++ "${KERNELS:-../kernels}/kernels.cu" -o "$1"
