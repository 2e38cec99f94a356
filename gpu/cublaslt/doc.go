// Package cublaslt multiplies matrices by NVIDIA's cuBLASLt, which is opened
// when first needed, whatever its major version from 11 to 13. It is not linked:
// a program with this package runs without it.
package cublaslt
