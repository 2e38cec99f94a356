//go:build cuda && linux && cgo

package gpu_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"mlpkernel/gpu"
	"mlpkernel/gpu/cublaslt"
	"mlpkernel/gpu/cudadl"
	"mlpkernel/nn"
)

// orders are those in which the emulation runs the threads of a launch.
var orders = []string{"0", "1", "2"}

// why says why there is no GPU to test with, empty if there is one.
var why string

// emulated says that the GPU is the look-alike in emu.
var emulated bool

// TestMain tests on a GPU if there is one, else on the emulation, for which it
// needs g++. The variable MLPKERNEL_LIBCUDA names another driver.
func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "fakecuda")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if os.Getenv(cudadl.DriverVariable) == "" && !hasGPU() {
		emulated = true
		if why, err = emulate(filepath.Join(dir, "libfakecuda.so")); err != nil {
			fmt.Fprintln(os.Stderr, "building the emulation:", err)
			return 1
		}
	}
	return m.Run()
}

func hasGPU() bool {
	_, err := os.Stat("/dev/nvidiactl")
	return err == nil
}

// emulate builds the look-alike driver and makes it the one to open; why says
// what it lacks to do so.
func emulate(path string) (why string, err error) {
	if runtime.GOARCH != "amd64" {
		return "the emulation is written for amd64", nil
	}
	if _, err := exec.LookPath("g++"); err != nil {
		return "no GPU, and the emulation needs g++", nil
	}
	if out, err := exec.Command("emu/build.sh", path).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	os.Setenv(cudadl.DriverVariable, path)
	os.Setenv(cublaslt.Variable, path)
	return "", nil
}

// open gives a backend to test with or skips the test.
func open(t testing.TB, s gpu.Settings) nn.Backend {
	t.Helper()
	if why != "" {
		t.Skip(why)
	}
	b, err := gpu.OpenWith(s)
	if err != nil {
		if emulated {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return b
}

// inOrders runs a test in every order of threads of the emulation, once on a GPU.
func inOrders(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	if !emulated {
		f(t)
		return
	}
	for _, o := range orders {
		t.Run("order "+o, func(t *testing.T) {
			t.Setenv("FAKECUDA_ORDER", o)
			f(t)
		})
	}
}
