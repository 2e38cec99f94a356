package cpu

import (
	"math"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// softmax is over the units of each row. Backward: dx = y·(dy - Σ y·dy).
type softmax struct {
	n    *net
	s    *nn.Step
	into target
	pad  []float32
	ones []float32
	top  []float32
	sum  []float32
}

func newSoftmax(b *builder, s *nn.Step) operation {
	rows := b.shape.rows
	o := &softmax{n: b.net, s: s, pad: padding(b.plan.Widths[s.Out]), ones: kern.Alloc(rows), top: kern.Alloc(rows), sum: kern.Alloc(rows)}
	for i := range o.ones {
		o.ones[i] = 1
	}
	return o
}

// padding is 0 where a lane counts and -Inf behind.
func padding(width int) []float32 {
	v := kern.Alloc(kern.Ld(width))
	for i := width; i < len(v); i++ {
		v[i] = float32(math.Inf(-1))
	}
	return v
}

func (o *softmax) connect(b *builder) { o.into = b.toward(o.s.In) }

func (o *softmax) forward(s *kern.Script, a, b int) {
	call := over(s.Do(kern.Softmax), a, b, o.n.val[o.s.Out], o.n.val[o.s.In])
	call.A[2], call.A[3], call.A[4], call.A[5] = &o.pad[0], &o.ones[a], &o.top[a], &o.sum[a]
}

func (o *softmax) backward(s *kern.Script, a, b int) {
	if o.into.there() {
		over(s.Do(kern.SoftmaxSlope), a, b, o.into.via(o.n), o.n.grad[o.s.Out], o.n.val[o.s.Out])
		o.into.finish(s, o.n, a, b)
	}
}
