// Package philox is the counter-based random number generator Philox4x32-10
// (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2,
// 3", 2011), and the way in which this project keys it.
//
// A number is a pure function of (seed, purpose, layer, step, index), so that
// it does not depend on device, threads or order of evaluation:
//
//	key     = {low 32 bits of seed, high 32 bits of seed}
//	counter = {index/4, step, layer, purpose}
//	number  = word index%4 of Philox4x32-10(counter, key)
//
// All backends reproduce this word for word.
package philox

// Purpose keeps the streams of one seed apart.
type Purpose uint32

const (
	Weights Purpose = 1 // layer = Block.Key, step = 0, index = place in the block
	Shuffle Purpose = 2 // layer = 0, step = epoch, see Permutation
	Dropout Purpose = 3 // layer = Step.Key, step = update, index = row in batch * width + unit
	Split   Purpose = 4 // for splits, folds and samples of rows by callers
	User    Purpose = 5 // for whatever else a caller draws
)

const (
	mul0, mul1   = 0xD2511F53, 0xCD9E8D57
	weyl0, weyl1 = 0x9E3779B9, 0xBB67AE85
)

// Block is Philox4x32-10: four words from a counter and a key.
func Block(c [4]uint32, k [2]uint32) (w [4]uint32) {
	w[0], w[1], w[2], w[3] = block(c[0], c[1], c[2], c[3], k[0], k[1])
	return w
}

// block is Block without arrays, which the compiler does not keep in registers.
func block(c0, c1, c2, c3, k0, k1 uint32) (w0, w1, w2, w3 uint32) {
	for range 10 {
		p0 := uint64(mul0) * uint64(c0)
		p1 := uint64(mul1) * uint64(c2)
		c0, c1, c2, c3 = uint32(p1>>32)^c1^k0, uint32(p1), uint32(p0>>32)^c3^k1, uint32(p0)
		k0 += weyl0
		k1 += weyl1
	}
	return c0, c1, c2, c3
}

// Stream is the sequence of words for one seed, purpose, layer and step.
type Stream struct {
	key                  [2]uint32
	step, layer, purpose uint32
}

// New gives a stream.
func New(seed uint64, p Purpose, layer, step int) Stream {
	return Stream{
		key:     [2]uint32{uint32(seed), uint32(seed >> 32)},
		step:    uint32(step),
		layer:   uint32(layer),
		purpose: uint32(p),
	}
}

// Words gives words 4b to 4b+3.
func (s Stream) Words(b uint32) [4]uint32 {
	return Block([4]uint32{b, s.step, s.layer, s.purpose}, s.key)
}

// Word gives word i.
func (s Stream) Word(i int) uint32 { return s.Words(uint32(i / 4))[i%4] }

// Uniform gives number i of (0, 1): (word + 1/2) / 2^32.
func (s Stream) Uniform(i int) float64 { return uniform(s.Word(i)) }

// Uniforms fills v with numbers of (0, 1) from 4*first on.
func (s Stream) Uniforms(v []float64, first int) {
	for b := first; len(v) > 0; b++ {
		w0, w1, w2, w3 := block(uint32(b), s.step, s.layer, s.purpose, s.key[0], s.key[1])
		v = v[copy(v, []float64{uniform(w0), uniform(w1), uniform(w2), uniform(w3)}):]
	}
}

func uniform(w uint32) float64 { return (float64(w) + 0.5) / (1 << 32) }

// Permutation is the order of n rows in an epoch: Fisher and Yates from the
// end, i = n-1 … 1, swapping i with (word i * (i+1)) >> 32.
func Permutation(seed uint64, epoch, n int) []int32 {
	return New(seed, Shuffle, 0, epoch).Permutation(n)
}

// Permutation shuffles the numbers from 0 to n-1 by the words of the stream.
func (s Stream) Permutation(n int) []int32 {
	p := make([]int32, n)
	for i := range p {
		p[i] = int32(i)
	}
	s.Shuffle(p)
	return p
}

// Shuffle puts what Permutation would number in its order.
func (s Stream) Shuffle(p []int32) {
	for b := (len(p) - 1) / 4; b >= 0; b-- {
		w0, w1, w2, w3 := block(uint32(b), s.step, s.layer, s.purpose, s.key[0], s.key[1])
		swap(p, 4*b+3, w3)
		swap(p, 4*b+2, w2)
		swap(p, 4*b+1, w1)
		swap(p, 4*b, w0)
	}
}

// swap is a step of Shuffle. That of i = 0 changes nothing.
func swap(p []int32, i int, w uint32) {
	if i < len(p) {
		j := uint64(w) * uint64(i+1) >> 32
		p[i], p[j] = p[j], p[i]
	}
}
