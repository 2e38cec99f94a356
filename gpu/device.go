//go:build cuda && linux && cgo

package gpu

import (
	_ "embed"
	"fmt"
	"runtime"
	"sync"

	"gorgonia.org/cu"

	"mlpkernel/gpu/cudadl"
	"mlpkernel/nn"
)

//go:embed kernels/kernels.ptx
var ptx string

// minCapability is what the kernels are compiled for.
const minCapability = 8

// device is a GPU. One goroutine owns it: calls of cu belong into functions that
// run gets. Looking for it is cheap; its context and the kernels, which take
// from some tenths of a second to several seconds the first time, wait until
// something is to be computed.
type device struct {
	name       string
	blocks     int // multiprocessors
	shared     int // bytes of shared memory that a block may have
	memory     int64
	capability [2]int
	driver     int // CUDA version of the driver, 1000·major + 10·minor

	jobs    chan func()
	loading sync.Once
	broken  error // why it is of no use any more
	kernels map[string]cu.Function
	stream  cu.Stream
	lt      *lt // cuBLASLt, nil if there is none
	ltWhy   error
}

// firstDevice looks for the first GPU, once for the process: its context is the
// process's.
var firstDevice = sync.OnceValues(findDevice)

func findDevice() (*device, error) {
	if err := cudadl.Open(); err != nil {
		return nil, err
	}
	d := &device{jobs: make(chan func()), kernels: map[string]cu.Function{}}
	if err := d.look(); err != nil {
		return nil, cudadl.Explain(err)
	}
	go func() {
		runtime.LockOSThread()
		for job := range d.jobs {
			job()
		}
	}()
	return d, nil
}

// deviceError is an error of the GPU, and not of what it was asked for.
type deviceError struct{ error }

func (e *deviceError) Unwrap() error { return e.error }

// run calls f on the goroutine that owns the GPU, with the kernels loaded. After
// an error that leaves the GPU of no use it gives that error at once.
func (d *device) run(f func() error) (err error) {
	done := make(chan struct{})
	var faults nn.Faults
	d.jobs <- func() {
		defer close(done)
		defer faults.Catch()
		d.loading.Do(func() { d.broken = cudadl.Explain(d.load()) })
		if err = d.broken; err != nil {
			return
		}
		if err = cudadl.Explain(f()); err != nil && !usable() {
			d.broken = fmt.Errorf("%w; this process has no GPU any more until it starts anew", err)
		}
	}
	<-done
	faults.Raise()
	if err != nil {
		err = &deviceError{err}
	}
	return err
}

// fault says why the GPU is of no use any more, nil if it is not known to be.
func (d *device) fault() error {
	broken := make(chan error)
	d.jobs <- func() { broken <- d.broken }
	return <-broken
}

// usable reports whether the context still works: an error of a kernel stays for
// the life of the process.
func usable() bool {
	_, _, err := cu.MemInfo()
	return err == nil
}

// look asks for what does not need a context.
func (d *device) look() error {
	gpu, err := cu.GetDevice(0)
	if err != nil {
		return fmt.Errorf("no GPU: %w", err)
	}
	if d.name, err = gpu.Name(); err != nil {
		return fmt.Errorf("GPU 0: %w", err)
	}
	if err := d.ask(gpu); err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	if d.capability[0] < minCapability {
		return fmt.Errorf("%s has compute capability %d.%d, and %d.0 is needed (Ampere or newer)", d.name, d.capability[0], d.capability[1], minCapability)
	}
	return nil
}

// ask reads the attributes that matter here.
func (d *device) ask(gpu cu.Device) (err error) {
	for _, q := range []struct {
		attribute cu.DeviceAttribute
		to        *int
	}{
		{cu.MultiprocessorCount, &d.blocks},
		{maxSharedOptIn, &d.shared},
		{cu.ComputeCapabilityMajor, &d.capability[0]},
		{cu.ComputeCapabilityMinor, &d.capability[1]},
	} {
		if *q.to, err = gpu.Attribute(q.attribute); err != nil {
			return err
		}
	}
	if d.driver, err = cudadl.Version(); err != nil {
		return err
	}
	d.memory, err = gpu.TotalMem()
	return err
}

// maxSharedOptIn is CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, which
// cu has no name for.
const maxSharedOptIn cu.DeviceAttribute = 97

// load makes the context current, loads the kernels and looks for cuBLASLt.
func (d *device) load() error {
	gpu, err := cu.GetDevice(0)
	if err != nil {
		return err
	}
	ctx, err := gpu.RetainPrimaryCtx()
	if err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	if err := cu.SetCurrentContext(ctx); err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	module, err := cu.LoadData(ptx)
	if err != nil {
		return fmt.Errorf("%s: loading the kernels: %w", d.name, err)
	}
	for _, name := range kernels {
		f, err := module.Function(name)
		if err == nil {
			err = cudadl.AllowShared(f, d.shared)
		}
		if err != nil {
			return fmt.Errorf("%s: kernel %s: %w", d.name, name, err)
		}
		d.kernels[name] = f
	}
	// Launches wait for the NULL stream, in which memory is set and copied: those
	// calls return before that is done.
	if d.stream, err = cu.MakeStream(cu.DefaultStream); err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	d.lt, d.ltWhy = openLt()
	return nil
}

// resident is how many blocks of a kernel run at the same time.
func (d *device) resident(kernel string, threads, shared int) (int, error) {
	n, err := d.kernels[kernel].MaxActiveBlocksPerMultiProcessor(threads, int64(shared))
	if err != nil {
		return 0, err
	}
	return n * d.blocks, nil
}

// String describes the GPU in a line.
func (d *device) String() string {
	return fmt.Sprintf("%s, %.0f GiB, %d multiprocessors, compute capability %d.%d", d.name, float64(d.memory)/(1<<30), d.blocks, d.capability[0], d.capability[1])
}

func describe() (lines []string, err error) {
	d, err := firstDevice()
	if err != nil {
		return nil, err
	}
	lines = []string{d.String(), fmt.Sprintf("driver %s, CUDA %d.%d", cudadl.Path(), d.driver/1000, d.driver%1000/10)}
	if err := d.run(func() error { return nil }); err != nil {
		return lines, err
	}
	if d.lt != nil {
		return append(lines, "cuBLASLt "+d.lt.String()), nil
	}
	return append(lines, fmt.Sprintf("no cuBLASLt (%v): our own kernels multiply in its place", d.ltWhy)), nil
}
