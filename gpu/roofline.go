//go:build cuda && linux && cgo

package gpu

import (
	"fmt"

	"gorgonia.org/cu"

	"mlpkernel/gpu/cublaslt"
)

// Rates are operations a second in products of a precision, and bytes a second
// read and written in memory.
type Rates struct{ Float32, TF32, BFloat16, Memory float64 }

// MeasureRates measures what the GPU can do at best: cuBLASLt's products of n×n
// matrices, and a copy of one.
func MeasureRates(n int) (r Rates, err error) {
	d, err := firstDevice()
	if err != nil {
		return r, err
	}
	err = d.run(func() error {
		var a, b, c buffer
		defer func() { a.free(); b.free(); c.free() }()
		for _, m := range []*buffer{&a, &b, &c} {
			if err := put(m, noise(n*n)); err != nil {
				return err
			}
		}
		l := launcher{d: d}
		defer l.free()
		seconds, err := l.often(func() error { return cu.MemcpyDtoD(c.at, a.at, int64(4*n*n)) })
		if err != nil {
			return err
		}
		r.Memory = 2 * 4 * float64(n) * float64(n) / seconds
		if d.lt == nil {
			return fmt.Errorf("no rates of products without cuBLASLt: %w", d.ltWhy)
		}
		if err := l.workspace.grow(workspaceBytes); err != nil {
			return err
		}
		call := cublaslt.Call{Rows: n, Columns: n, Inner: n, RightT: true, Left: a.word(), Right: b.word(), D: c.word()}
		for _, q := range []struct {
			to   *float64
			in   cublaslt.Type
			tf32 bool
		}{{&r.Float32, cublaslt.Float32, false}, {&r.TF32, cublaslt.Float32, true}, {&r.BFloat16, cublaslt.BFloat16, false}} {
			call.In, call.Out, call.TF32 = q.in, q.in, q.tf32
			if *q.to, err = l.rate(call); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// rate is how many operations a second a product takes.
func (l *launcher) rate(c cublaslt.Call) (float64, error) {
	p, err := l.d.lt.Prepare(c, workspaceBytes)
	if err != nil {
		return 0, err
	}
	defer p.Close()
	seconds, err := l.often(func() error { return p.Run(l.d.stream, l.workspace.word(), workspaceBytes) })
	return 2 * float64(c.Rows) * float64(c.Columns) * float64(c.Inner) / seconds, err
}

// often gives the seconds of f, which starts something, among many in a row.
func (l *launcher) often(f func() error) (float64, error) {
	const count = 10
	s, err := times(5, func() error {
		for range count {
			if err := f(); err != nil {
				return err
			}
		}
		return l.wait(cu.Synchronize())
	})
	return s / count, err
}

// noise is n float32, or twice as many bf16, of ±[1/2, 1): with constant numbers
// a GPU draws less power and is faster than it ever is at work.
func noise(n int) []uint32 {
	out := make([]uint32, n)
	word := uint32(1)
	for i := range out {
		word = word*1664525 + 1013904223
		out[i] = (word^word>>16)&0x807f807f | 0x3f003f00
	}
	return out
}
