package kern_test

import (
	"hash/fnv"
	"math"
	"testing"

	"mlpkernel/nn/internal/kern"
)

// fingerprint is of the bits of all kernels, which every machine must give.
// Whoever changes a kernel's meaning writes the new one here.
const fingerprint = 0xac9d9ed4205c240

func TestFingerprint(t *testing.T) {
	for _, s := range kern.Sets() {
		h := fnv.New64a()
		write := func(v []float32) {
			for _, x := range v {
				b := math.Float32bits(x)
				if x != x {
					b = 0x7fc00000
				}
				h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
			}
		}
		for m := range kern.Maps() {
			a, all := fixed(m)
			s.Do(m, a)
			for _, v := range all {
				write(v)
			}
		}
		for _, u := range uses {
			p, c := u.set(21, 70, 50)
			multiply(s, p, 0, strips(50))
			write(c)
		}
		if got := h.Sum64(); got != fingerprint {
			t.Errorf("%s: fingerprint %#x, want %#x", s.Name, got, uint64(fingerprint))
		}
	}
}

// fixed fills a kernel's arguments with numbers that no machine rounds otherwise.
func fixed(m kern.Map) (*kern.Args, [][]float32) {
	a, all := arrays(m, 3, 32, 32, true)
	state := uint32(m) + 1
	for _, v := range all {
		for i := range v {
			state = state*1664525 + 1013904223
			v[i] = float32(int32(state)>>8) / (1 << 20)
		}
	}
	return a, all
}
