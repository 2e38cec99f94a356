package kern

import "mlpkernel/nn/philox"

// Stream is a stream of random words as package philox defines it: word i is
// word i%4 of Philox4x32-10({i/4, step, layer, purpose}, key).
type Stream struct {
	Key                  [2]uint32
	Step, Layer, Purpose uint32
}

// MaskBits sets bit i of dst to whether word first+i of the stream is at least
// threshold, for all bits of dst. first is a multiple of 64. A threshold of
// 1<<32 clears all.
func (s *Set) MaskBits(dst []uint64, r *Stream, first int, threshold uint64) {
	switch {
	case threshold == 0:
		for i := range dst {
			dst[i] = ^uint64(0)
		}
	case threshold > 1<<32-1:
		clear(dst)
	case len(dst) > 0:
		s.maskBits(dst, r, uint32(first/4), uint32(threshold))
	}
}

// portableMaskBits is MaskBits from block on.
func portableMaskBits(dst []uint64, r *Stream, block, threshold uint32) {
	for i := range dst {
		var bits uint64
		for j := range 16 {
			for k, w := range philox.Block([4]uint32{block, r.Step, r.Layer, r.Purpose}, r.Key) {
				if w >= threshold {
					bits |= 1 << (4*j + k)
				}
			}
			block++
		}
		dst[i] = bits
	}
}
