package philox_test

import (
	"testing"

	"mlpkernel/nn/philox"
)

// TestVectors holds Block against the known answers of Random123 (kat_vectors, philox4x32 10).
func TestVectors(t *testing.T) {
	const all = 0xffffffff
	for _, v := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{all, all, all, all}, [2]uint32{all, all}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		if got := philox.Block(v.counter, v.key); got != v.want {
			t.Errorf("Block(%x, %x) = %x, want %x", v.counter, v.key, got, v.want)
		}
	}
}

func TestPermutationHoldsEachRowOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 64, 1001} {
		seen := make([]bool, n)
		for _, i := range philox.Permutation(3, 5, n) {
			if seen[i] {
				t.Fatalf("n = %d: %d comes twice", n, i)
			}
			seen[i] = true
		}
	}
}

// TestMany: numbers drawn at once are those drawn one by one.
func TestMany(t *testing.T) {
	s := philox.New(7, philox.Weights, 3, 0)
	for _, n := range []int{0, 1, 3, 4, 10} {
		normals, uniforms := make([]float64, n), make([]float64, n)
		s.Normals(normals, 5)
		s.Uniforms(uniforms, 5)
		for i := range n {
			if normals[i] != s.Normal(20+i) || uniforms[i] != s.Uniform(20+i) {
				t.Errorf("%d of %d: %v, %v; want %v, %v", i, n, normals[i], uniforms[i], s.Normal(20+i), s.Uniform(20+i))
			}
		}
	}
}
