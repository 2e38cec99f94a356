package kern

import (
	"math"
	"unsafe"

	"mlpkernel/nn/philox"
)

// Stream is a stream of random words as package philox defines it: word i is
// word i%4 of Philox4x32-10({i/4, step, layer, purpose}, key).
type Stream struct {
	Key                  [2]uint32
	Step, Layer, Purpose uint32
}

// Masking is a kernel that draws bits. The generator knows the order of the
// fields.
type Masking struct {
	dst       *uint64
	words     int
	stream    Stream
	block     uint32
	threshold uint32
	all       []uint64
}

// Mask appends a kernel that draws all bits of dst, which Draw tells it how to do.
func (s *Script) Mask(dst []uint64) *Masking {
	m := s.maskings.next()
	*m = Masking{dst: unsafe.SliceData(dst), all: dst}
	s.enter(s.set.tools[toolMask], unsafe.Pointer(m), 16*len(dst))
	return m
}

// Draw has bit i become whether word first+i of the stream is at least
// threshold, when the script runs. first is a multiple of 64. A threshold of
// 1<<32 clears all.
func (m *Masking) Draw(r Stream, first int, threshold uint64) {
	m.stream, m.block, m.threshold, m.words = r, uint32(first/4), uint32(threshold), 0
	switch {
	case threshold == 0:
		for i := range m.all {
			m.all[i] = ^uint64(0)
		}
	case threshold > math.MaxUint32:
		clear(m.all)
	default:
		m.words = len(m.all)
	}
}

// portableMask is the portable kernel.
func portableMask(m *Masking) {
	block, r := m.block, &m.stream
	for i := range m.words {
		var bits uint64
		for j := range 16 {
			for k, w := range philox.Block([4]uint32{block, r.Step, r.Layer, r.Purpose}, r.Key) {
				if w >= m.threshold {
					bits |= 1 << (4*j + k)
				}
			}
			block++
		}
		m.all[i] = bits
	}
}
