//go:build cuda && linux && cgo

package cudadl

// #include <cuda.h>
import "C"

import (
	"errors"
	"reflect"
	"strings"
	"unsafe"

	"gorgonia.org/cu"
)

func result(r C.CUresult) error {
	if r == C.CUDA_SUCCESS {
		return nil
	}
	return errors.New(describe(int(r)))
}

// Explain gives an error whose last cause is one of package cu, which has but a
// name for it, with what the code means in its place.
func Explain(err error) error {
	last := err
	for next := err; next != nil; next = errors.Unwrap(next) {
		last = next
	}
	v := reflect.ValueOf(last)
	if last == nil || v.Type().PkgPath() != "gorgonia.org/cu" || !v.CanInt() {
		return err
	}
	return explained{err, strings.TrimSuffix(err.Error(), last.Error()) + describe(int(v.Int()))}
}

type explained struct {
	error
	text string
}

func (e explained) Error() string { return e.text }
func (e explained) Unwrap() error { return e.error }

// Version is the newest CUDA version that the driver knows, 1000·major + 10·minor.
func Version() (int, error) {
	var v C.int
	err := result(C.cuDriverGetVersion(&v))
	return int(v), err
}

func function(f cu.Function) C.CUfunction { return *(*C.CUfunction)(unsafe.Pointer(&f)) }
func stream(s cu.Stream) C.CUstream       { return C.CUstream(unsafe.Pointer(s.C())) }

// AllowShared lets a kernel have more than 48 KiB of dynamic shared memory.
func AllowShared(f cu.Function, bytes int) error {
	return result(C.cuFuncSetAttribute(function(f), C.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, C.int(bytes)))
}

// LaunchCooperative launches blocks that all run at the same time. Arguments are
// words of 8 bytes.
func LaunchCooperative(f cu.Function, grid, block, shared int, s cu.Stream, args []uint64) error {
	return launch(args, func(p *unsafe.Pointer) C.CUresult {
		return C.cuLaunchCooperativeKernel(function(f), C.uint(grid), 1, 1, C.uint(block), 1, 1, C.uint(shared), stream(s), p)
	})
}

// Launch launches a one-dimensional grid. cu's own allocates twice per argument.
func Launch(f cu.Function, grid, block, shared int, s cu.Stream, args []uint64) error {
	return launch(args, func(p *unsafe.Pointer) C.CUresult {
		return C.cuLaunchKernel(function(f), C.uint(grid), 1, 1, C.uint(block), 1, 1, C.uint(shared), stream(s), p, nil)
	})
}

// launch calls f with pointers to copies of the arguments in C's memory, which a
// driver may keep while it captures.
func launch(args []uint64, f func(*unsafe.Pointer) C.CUresult) error {
	n := len(args)
	memory := C.malloc(C.size_t(16 * n))
	defer C.free(memory)
	values := unsafe.Slice((*uint64)(memory), n)
	pointers := unsafe.Slice((*unsafe.Pointer)(unsafe.Add(memory, 8*n)), n)
	for i, a := range args {
		values[i] = a
		pointers[i] = unsafe.Pointer(&values[i])
	}
	return result(f(&pointers[0]))
}

// BeginCapture makes the stream record its work into a graph.
func BeginCapture(s cu.Stream) error {
	return result(C.cuStreamBeginCapture(stream(s), C.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL))
}

// Graph is recorded work that can be launched again and again.
type Graph struct{ exec C.CUgraphExec }

// EndCapture ends the recording.
func EndCapture(s cu.Stream) (*Graph, error) {
	var g C.CUgraph
	if err := result(C.cuStreamEndCapture(stream(s), &g)); err != nil {
		return nil, err
	}
	defer C.cuGraphDestroy(g)
	x := &Graph{}
	if err := result(C.cuGraphInstantiateWithFlags(&x.exec, g, 0)); err != nil {
		return nil, err
	}
	return x, nil
}

// Launch puts the graph's work into a stream.
func (g *Graph) Launch(s cu.Stream) error { return result(C.cuGraphLaunch(g.exec, stream(s))) }

// Close frees the graph.
func (g *Graph) Close() error { return result(C.cuGraphExecDestroy(g.exec)) }
