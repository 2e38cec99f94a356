package kern

import "unsafe"

// portableTile gives the portable kernel for tiles of some rows of 16 columns.
func portableTile(rows int) tileFunc {
	return func(t *tile) {
		for range t.tiles {
			a, c, gate := t.a, t.c, t.gate
			for range rows {
				t.row(a, c, gate)
				a, c = add(a, t.rsA/4), add(c, t.ldc/4)
				if gate != nil {
					gate = add(gate, t.ldc/4)
				}
			}
			t.a, t.c, t.gate = add(t.a, t.tsA/4), c, gate
		}
	}
}

// row computes 16 numbers of one row.
func (t *tile) row(a, c, gate *float32) {
	out := (*[Lanes]float32)(unsafe.Pointer(c))
	var acc [Lanes]float32
	switch {
	case t.flags&flagAdd != 0:
		acc = *out
	case t.flags&flagBias != 0:
		acc = *(*[Lanes]float32)(unsafe.Pointer(t.bias))
	}
	b := t.b
	for range t.k {
		v := *a
		for j, w := range (*[Lanes]float32)(unsafe.Pointer(b)) {
			acc[j] = fma(v, w, acc[j])
		}
		a, b = add(a, t.csA/4), add(b, t.bs/4)
	}
	if t.flags&flagRelu != 0 {
		for j, v := range acc {
			acc[j] = greater(0, v)
		}
	}
	if t.flags&flagGate != 0 {
		for j, h := range (*[Lanes]float32)(unsafe.Pointer(gate)) {
			acc[j] = choose(h > 0, acc[j]*t.scale, 0)
		}
	}
	*out = acc
}

// portableTranspose writes the 16 × 16 numbers src, in rows ss bytes apart, as
// columns of dst, whose rows are ds bytes apart.
func portableTranspose(src *float32, ss int, dst *float32, ds int) {
	for i := range Lanes {
		for j := range Lanes {
			*add(dst, j*ds/4+i) = *add(src, i*ss/4+j)
		}
	}
}
