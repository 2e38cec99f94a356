//go:build cuda && linux && cgo

package gpu

import "mlpkernel/gpu/cublaslt"

// lt is cuBLASLt with its workspace.
type lt = cublaslt.Library

func openLt() (*lt, error) { return cublaslt.Open() }
