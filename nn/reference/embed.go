package reference

import "mlpkernel/nn"

// embed: y = x, then a row of each category's table. Backward adds to these
// rows. Code -1 gives zeros.
func embed(p *pass, s *nn.Step) func() {
	in, out, k := p.plan.Widths[s.In], p.plan.Widths[s.Out], len(s.Tables)
	x, y := p.val[s.In], p.val[s.Out]
	// each calls f for each known code with the place in the output and the
	// row of the table.
	each := func(f func(at, table, from, dim int)) {
		for r := range p.rows {
			at := r*out + in
			for c, t := range s.Tables {
				dim := p.plan.Blocks[t].Cols
				if code := p.codes[r*k+c]; code >= 0 {
					f(at, t, int(code)*dim, dim)
				}
				at += dim
			}
		}
	}
	for r := range p.rows {
		copy(y[r*out:r*out+in], x[r*in:(r+1)*in])
	}
	each(func(at, table, from, dim int) {
		_, w, _ := p.block(table)
		copy(y[at:at+dim], w[from:from+dim])
	})
	return func() {
		dx, dy := p.grad[s.In], p.grad[s.Out]
		for r := range p.rows {
			addScaled(dx[r*in:(r+1)*in], 1, dy[r*out:r*out+in])
		}
		each(func(at, table, from, dim int) {
			_, _, dw := p.block(table)
			addScaled(dw[from:from+dim], 1, dy[at:at+dim])
		})
	}
}
