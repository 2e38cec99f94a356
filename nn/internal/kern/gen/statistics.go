package main

// statistics are what recordings are made of. What they are fed with is finite;
// Bins gives some bin for anything.
var statistics = []definition{
	{"Extent", "sq = Σ x² of each row, lo and hi its least and greatest number", []array{row("x"), one("sq"), one("lo"), one("hi")}, nil, func(b *builder) {
		x := b.load("x")
		sq, hi, lo := b.sum(b.mul(x, x)), b.top(x), b.top(b.neg(x))
		b.once()
		b.put("sq", sq)
		b.put("lo", b.neg(lo))
		b.put("hi", hi)
	}},
	{"DistSq", "r = Σ (x-y)² of each row", []array{row("x"), row("y"), one("r")}, nil, func(b *builder) {
		d := b.sub(b.load("x"), b.load("y"))
		s := b.sum(b.mul(d, d))
		b.once()
		b.put("r", s)
	}},
	{"Bins", "y = the integer floor((x-lo)·each), from 0 to last", flat("y", "x"), []string{"lo", "each", "last"}, func(b *builder) {
		t := b.mul(b.sub(b.load("x"), b.s("lo")), b.s("each"))
		t = b.max(b.min(t, b.s("last")), b.num(0))
		n := b.rint(t)
		b.store("y", b.toInt(b.sub(n, b.sel(b.less(t, n), b.num(1), b.num(0)))))
	}},
	{"Moments", "sum = Σ (x-about) and sq = Σ (x-about)² of each row, out = how many of it are at most low or greater than high",
		[]array{row("x"), one("sum"), one("sq"), one("out")}, []string{"about", "low", "high"}, func(b *builder) {
			x := b.load("x")
			d := b.sub(x, b.s("about"))
			sum, sq := b.sum(d), b.sum(b.mul(d, d))
			above := b.sel(b.less(b.s("high"), x), b.num(1), b.num(0))
			out := b.sum(b.sel(b.lessEq(x, b.s("low")), b.num(1), above))
			b.once()
			b.put("sum", sum)
			b.put("sq", sq)
			b.put("out", out)
		}},
}
