package kern

import "unsafe"

// thinColumns is the number of columns that thin tiles compute.
const thinColumns = 8

// portableTile gives the portable kernel for tiles of some rows of 16 columns,
// the first few of which are computed.
func portableTile(rows, columns int) kernel {
	return portableKernel(func(t *tile) {
		for n := range t.tiles {
			for i := range rows {
				t.row(i, n*t.tsA/4+i*t.rsA/4, (n*rows+i)*t.ldc/4, columns)
			}
		}
	})
}

// row computes numbers of row i, which begins at a in A and at c in C.
func (t *tile) row(i, a, c, columns int) {
	all := unsafe.Slice(add(t.c, c), Lanes)
	out := all[:columns]
	var sums [Lanes]float32
	acc := sums[:columns]
	switch {
	case t.flags&flagAdd != 0:
		copy(acc, out)
	case t.flags&flagBias != 0:
		copy(acc, unsafe.Slice(t.bias, columns))
	case t.flags&flagEach != 0:
		for j := range acc {
			acc[j] = *add(t.bias, i)
		}
	}
	for k := range t.k {
		v := float64(*add(t.a, a+k*t.csA/4))
		for j, w := range unsafe.Slice(add(t.b, k*t.bs/4), len(acc)) {
			// fma by hand, for it is not inlined.
			p, c := v*float64(w), float64(acc[j])
			if s := p + c; settled(s) {
				acc[j] = float32(s)
			} else {
				acc[j] = roundOdd(p, c, s)
			}
		}
	}
	if t.flags&flagRelu != 0 {
		for j, v := range acc {
			acc[j] = greater(0, v)
		}
	}
	if t.flags&flagGate != 0 {
		for j, h := range unsafe.Slice(add(t.beside, c), columns) {
			acc[j] = choose(h > 0, acc[j]**t.scale, 0)
		}
	}
	if t.flags&flagPlus != 0 {
		for j, v := range unsafe.Slice(add(t.beside, c), columns) {
			acc[j] = fma(*t.scale, v, acc[j])
		}
	}
	copy(all, sums[:])
}

// portableTranspose is the portable kernel for transpositions.
func portableTranspose(t *transposition) {
	for j := range t.cols {
		for i := range Lanes {
			v := float32(0)
			if i < t.rows {
				v = *add(t.src, i*t.ss/4+j)
			}
			*add(t.dst, j*t.ds/4+i) = v
		}
	}
}
