//go:build cuda && linux && cgo

package gpu

import (
	"fmt"
	"unsafe"

	"gorgonia.org/cu"
)

// buffer is memory of the GPU. The zero value is empty. All functions here are
// for the goroutine that owns the device.
type buffer struct {
	at    cu.DevicePtr
	bytes int
}

func (b buffer) word() uint64 { return uint64(b.at) }

// plus is the address n float32 further on.
func (b buffer) plus(n int) uint64 { return uint64(b.at) + 4*uint64(n) }

// grow makes room for so many bytes, without keeping what is there.
func (b *buffer) grow(bytes int) error {
	if bytes <= b.bytes && b.bytes > 0 {
		return nil
	}
	b.free()
	bytes = max(bytes, 16)
	at, err := cu.MemAlloc(int64(bytes))
	if err != nil {
		return fmt.Errorf("asked for %.3g MiB: %w", float64(bytes)/(1<<20), err)
	}
	b.at, b.bytes = at, bytes
	return nil
}

// free gives the memory back; an error would be one of an earlier launch.
func (b *buffer) free() {
	if b.bytes > 0 {
		_ = cu.MemFree(b.at)
	}
	*b = buffer{}
}

// clear sets n words of 4 bytes to 0.
func (b buffer) clear(n int) error {
	if n == 0 {
		return nil
	}
	return cu.MemsetD32(b.at, 0, int64(n))
}

// put grows the buffer and copies values to it.
func put[T any](b *buffer, values []T) error {
	if err := b.grow(size(values)); err != nil || len(values) == 0 {
		return err
	}
	return cu.MemcpyHtoD(b.at, unsafe.Pointer(&values[0]), int64(size(values)))
}

// get copies from an address, n float32 behind the buffer's first.
func get[T any](values []T, b buffer, n int) error {
	if len(values) == 0 {
		return nil
	}
	return cu.MemcpyDtoH(unsafe.Pointer(&values[0]), b.at+cu.DevicePtr(4*n), int64(size(values)))
}

func size[T any](v []T) int {
	var zero T
	return len(v) * int(unsafe.Sizeof(zero))
}

// narrow and widen are between the numbers of nn and of the GPU.
func narrow(dst []float32, src []float64) {
	for i, v := range src {
		dst[i] = float32(v)
	}
}

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}
