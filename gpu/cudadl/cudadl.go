//go:build cuda && linux && cgo

package cudadl

// #cgo CFLAGS: -O2 -I${SRCDIR}/include -fvisibility=hidden
// #cgo LDFLAGS: -L${SRCDIR}/link -ldl
// #include <stdlib.h>
// int cudadl_open(const char *path, char *message, size_t n);
import "C"

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"unsafe"
)

// DriverVariable is the environment variable that names another driver.
const DriverVariable = "MLPKERNEL_LIBCUDA"

// Open opens the driver, once for the process.
func Open() error { return openOnce() }

var openOnce = sync.OnceValue(open)

// Path is the driver's file, "" before Open has found one.
func Path() string { return path }

var path string

// places are where a driver may lie, best first: the loader's path, containers,
// the Windows subsystem for Linux.
var places = [...]string{"libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"}

func open() error {
	names := places[:]
	if p := os.Getenv(DriverVariable); p != "" {
		names = []string{p}
	}
	var first error
	for _, name := range names {
		err := openAt(name)
		if err == nil {
			return nil
		}
		var refused *RefusedError
		if errors.As(err, &refused) {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return fmt.Errorf("no NVIDIA driver: %w", first)
}

// RefusedError says that there is a driver and it does not start.
type RefusedError struct {
	Path string
	Code int // CUresult
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the NVIDIA driver %s does not start: %s", e.Path, describe(e.Code))
}

func openAt(name string) error {
	c := C.CString(name)
	defer C.free(unsafe.Pointer(c))
	var message [1024]C.char
	switch code := C.cudadl_open(c, &message[0], C.size_t(len(message))); code {
	case 0:
		path = C.GoString(&message[0])
		return nil
	case -1:
		return errors.New(C.GoString(&message[0]))
	default:
		return &RefusedError{name, int(code)}
	}
}

// meanings are those of the codes that users meet.
var meanings = map[int]string{
	2:   "out of GPU memory",
	3:   "the driver is not initialised",
	100: "no CUDA device is there",
	101: "there is no such device",
	218: "the driver cannot compile the kernels",
	222: "the driver is too old for the kernels (version 450 or newer is needed)",
	500: "the driver lacks what is called (470 or newer is needed)",
	700: "a kernel read or wrote outside its memory",
	702: "a kernel took too long for a GPU that drives a display",
	719: "a kernel failed",
	720: "too many blocks for a cooperative launch",
	802: "the system is not ready (is the fabric manager running?)",
	803: "driver and kernel module do not match (restart the machine)",
	804: "forward compatibility is not supported on this GPU",
	999: "unknown error (is the kernel module loaded?)",
}

func describe(code int) string {
	if m, ok := meanings[code]; ok {
		return fmt.Sprintf("%s (CUDA error %d)", m, code)
	}
	return fmt.Sprintf("CUDA error %d", code)
}
