//go:build cuda && linux && cgo

package gpu

import (
	_ "embed"
	"fmt"
	"runtime"
	"sync"

	"gorgonia.org/cu"

	"mlpkernel/gpu/cudadl"
)

//go:embed kernels/kernels.ptx
var ptx string

// minCapability is what the kernels are compiled for.
const minCapability = 8

// device is a GPU with the kernels loaded. One goroutine owns it: calls of cu
// belong into functions that run gets.
type device struct {
	name       string
	blocks     int // multiprocessors
	shared     int // bytes of shared memory that a block may have
	memory     int64
	capability [2]int

	jobs    chan func()
	kernels map[string]cu.Function
	stream  cu.Stream
}

// firstDevice opens the first GPU, once for the process: its context is the
// process's.
var firstDevice = sync.OnceValues(openDevice)

func openDevice() (*device, error) {
	if err := cudadl.Open(); err != nil {
		return nil, err
	}
	d := &device{jobs: make(chan func()), kernels: map[string]cu.Function{}}
	go func() {
		runtime.LockOSThread()
		for job := range d.jobs {
			job()
		}
	}()
	if err := d.run(d.start); err != nil {
		close(d.jobs)
		return nil, err
	}
	return d, nil
}

// run calls f on the goroutine that owns the GPU.
func (d *device) run(f func() error) (err error) {
	done := make(chan struct{})
	d.jobs <- func() {
		defer close(done)
		err = f()
	}
	<-done
	return err
}

func (d *device) start() error {
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
	if err := d.load(gpu); err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
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
	d.memory, err = gpu.TotalMem()
	return err
}

// maxSharedOptIn is CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, which
// cu has no name for.
const maxSharedOptIn cu.DeviceAttribute = 97

// load makes the context current and loads the kernels.
func (d *device) load(gpu cu.Device) error {
	ctx, err := gpu.RetainPrimaryCtx()
	if err != nil {
		return err
	}
	if err := cu.SetCurrentContext(ctx); err != nil {
		return err
	}
	module, err := cu.LoadData(ptx)
	if err != nil {
		return fmt.Errorf("loading the kernels: %w", err)
	}
	for _, k := range kernels() {
		f, err := module.Function(k.name)
		if err != nil {
			return fmt.Errorf("kernel %s: %w", k.name, err)
		}
		if k.shared {
			if err := cudadl.AllowShared(f, d.shared); err != nil {
				return fmt.Errorf("kernel %s: %w", k.name, err)
			}
		}
		d.kernels[k.name] = f
	}
	d.stream, err = cu.MakeStream(cu.NonBlocking)
	return err
}

// resident is how many blocks of a kernel run at the same time.
func (d *device) resident(kernel string, threads, shared int) (int, error) {
	n, err := d.kernels[kernel].MaxActiveBlocksPerMultiProcessor(threads, int64(shared))
	if err != nil {
		return 0, err
	}
	return n * d.blocks, nil
}

func describe() (string, error) {
	d, err := firstDevice()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %.0f GiB, %d multiprocessors, compute capability %d.%d", d.name, float64(d.memory)/(1<<30), d.blocks, d.capability[0], d.capability[1]), nil
}
