//go:build cuda && linux && cgo

package cublaslt

// #cgo CFLAGS: -O2 -fvisibility=hidden
// #cgo LDFLAGS: -ldl
// #include <stdlib.h>
// #include "lt.h"
import "C"

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"gorgonia.org/cu"
)

// Variable is the environment variable that names another library.
const Variable = "MLPKERNEL_CUBLASLT"

// Library is an open cuBLASLt. The process has one.
type Library struct {
	path    string
	version int
}

// Open opens the best library there is and makes its handle in the current
// CUDA context.
func Open() (*Library, error) {
	why := errors.New(strings.Join(names, ", ") + ": none is found")
	for _, name := range candidates() {
		l, err := openAt(name)
		if err == nil {
			return l, nil
		}
		if strings.Contains(name, "/") {
			why = err // there is a file
		}
	}
	return nil, why
}

func openAt(name string) (*Library, error) {
	c := C.CString(name)
	defer C.free(unsafe.Pointer(c))
	var message [1024]C.char
	if C.lt_open(c, &message[0], C.size_t(len(message))) != 0 {
		return nil, fmt.Errorf("%s", C.GoString(&message[0]))
	}
	if err := status(C.lt_create()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Library{C.GoString(&message[0]), int(C.lt_version())}, nil
}

// Epilogues reports whether sums of bias gradients are to be trusted: with
// versions before 11.8's they could touch memory that is not theirs (seen by
// OneFlow with 11.6).
func (l *Library) Epilogues() bool { return l.version >= 111100 }

// String gives version and path. Versions are 10000·major + 100·minor + patch.
func (l *Library) String() string {
	return fmt.Sprintf("%d.%d.%d (%s)", l.version/10000, l.version/100%100, l.version%100, l.path)
}

// names are what the loader knows it by, newest first.
var names = []string{"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11"}

// candidates are names and files, best first: the variable, the loader's path,
// toolkits, and what pip and conda install.
func candidates() []string {
	if p := os.Getenv(Variable); p != "" {
		return []string{p}
	}
	out := slices.Clone(names)
	var folders []string
	for _, v := range []string{"CUDA_HOME", "CUDA_PATH"} {
		if d := os.Getenv(v); d != "" {
			folders = append(folders, d+"/lib64", d+"/targets/*/lib")
		}
	}
	folders = append(folders, "/usr/local/cuda/lib64", "/usr/local/cuda-*/lib64", "/usr/local/cuda-*/targets/*/lib", "/opt/cuda/lib64")
	const pip = "/lib/python3*/*-packages/nvidia/*/lib"
	for _, v := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if d := os.Getenv(v); d != "" {
			folders = append(folders, d+"/lib", d+pip)
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, home+"/.local"+pip)
	}
	folders = append(folders, "/usr"+pip, "/usr/local"+pip, "/opt/*"+pip, "/opt/*/.venv"+pip)
	for _, d := range folders {
		files, _ := filepath.Glob(d + "/libcublasLt.so.1[1-3]") // the pattern is well formed
		slices.SortFunc(files, newestFirst)
		out = append(out, files...)
	}
	return out
}

// newestFirst orders files by the version at their end.
func newestFirst(a, b string) int {
	return slices.Index(names, filepath.Base(a)) - slices.Index(names, filepath.Base(b))
}

// Type is that of a matrix's numbers.
type Type int

const (
	Float32  Type = C.LT_R_32F
	BFloat16 Type = C.LT_R_16BF
)

// Call is a product of row-major matrices: D (Rows×Columns) = Left · Right, with
// sums over Inner. Left is Rows×Inner or, where LeftT, its transpose is; Right
// is Inner×Columns or, where RightT, its transpose is.
type Call struct {
	Rows, Columns, Inner int
	LeftT, RightT        bool
	In, Out              Type
	TF32                 bool // round factors of 32 bits to TF32
	Left, Right, D       uint64
	Accumulate           bool // add to D

	// Bias, of D's type, is added to each row of D, unless SumLeft says that it
	// gets the sums of Left's rows (which are columns in memory: LeftT).
	Bias    uint64
	SumLeft bool
	// Relu clips D at 0. Mask gets its bits, or, where Masked, D is multiplied by
	// them: MaskBits a row, a multiple of 128.
	Relu, Masked bool
	Mask         uint64
	MaskBits     int
}

// Product is a call that is ready to run.
type Product struct{ c C.lt_product }

// Prepare chooses an algorithm that needs no more than so many bytes of
// workspace. The error says that cuBLASLt has none.
func (l *Library) Prepare(c Call, workspace int) (*Product, error) {
	// Column-major, D's transpose is the product of the transposes.
	call := C.lt_call{
		m: C.int64_t(c.Columns), n: C.int64_t(c.Rows), k: C.int64_t(c.Inner), transa: flag(c.RightT), transb: flag(c.LeftT),
		in: C.int(c.In), out: C.int(c.Out), compute: C.LT_COMPUTE_32F, epilogue: C.int(c.epilogue()),
		a: C.uint64_t(c.Right), b: C.uint64_t(c.Left), d: C.uint64_t(c.D), bias: C.uint64_t(c.Bias), aux: C.uint64_t(c.Mask), aux_ld: C.int64_t(c.MaskBits),
	}
	if c.TF32 {
		call.compute = C.LT_COMPUTE_32F_FAST_TF32
	}
	if c.Accumulate {
		call.beta = 1
	}
	p := &Product{}
	if err := status(C.lt_prepare(&p.c, &call, C.size_t(workspace))); err != nil {
		return nil, fmt.Errorf("cuBLASLt has no product of %d×%d and %d×%d with epilogue %d: %w", c.Rows, c.Inner, c.Inner, c.Columns, call.epilogue, err)
	}
	return p, nil
}

// epilogue is cuBLASLt's number for what follows the sums.
func (c Call) epilogue() int {
	e := 0
	switch {
	case c.SumLeft:
		e = C.LT_BGRADB
	case c.Masked:
		e = C.LT_DRELU | C.LT_AUX
	default:
		if c.Relu {
			e |= C.LT_RELU
		}
		if c.Mask != 0 {
			e |= C.LT_AUX
		}
		if c.Bias != 0 {
			e |= C.LT_BIAS
		}
	}
	return max(e, C.LT_DEFAULT)
}

// Run puts the product into a stream.
func (p *Product) Run(s cu.Stream, workspace uint64, bytes int) error {
	return status(C.lt_run(&p.c, C.uint64_t(workspace), C.size_t(bytes), unsafe.Pointer(s.C())))
}

// Close frees what the product holds.
func (p *Product) Close() { C.lt_release(&p.c) }

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// statuses are those of cublasStatus_t that are met.
var statuses = map[int]string{1: "not initialised", 3: "out of memory", 7: "invalid value", 8: "GPU too old", 13: "execution failed", 14: "internal error", 15: "not supported"}

func status(code C.int) error {
	if code == 0 {
		return nil
	}
	return fmt.Errorf("status %d (%s)", int(code), statuses[int(code)])
}
