package main

import "math"

// Scale and bend of selu (Klambauer et al. 2017).
const (
	seluAlpha  = 1.6732632423543772848170429916717
	seluLambda = 1.0507009873554804934193349852946
)

// row, vec, one and lane make arrays; flat names row arrays separated by spaces.
func row(name string) array  { return array{name: name, kind: rowArray} }
func vec(name string) array  { return array{name: name, kind: vectorArray} }
func one(name string) array  { return array{name: name, kind: perRowArray} }
func lane(name string) array { return array{name: name, kind: laneArray} }

func flat(names ...string) []array {
	out := make([]array, len(names))
	for i, n := range names {
		out[i] = row(n)
	}
	return out
}

type definition struct {
	name, doc string
	arrays    []array
	scalars   []string
	code      func(b *builder)
}

// build makes the kernel of a definition.
func (d definition) build() *kernel {
	k := &kernel{name: d.name, doc: d.doc, arrays: d.arrays, scalars: d.scalars}
	b := &builder{k: k, consts: map[uint32]*value{}, named: map[string]*value{}}
	b.loop()
	d.code(b)
	k.prune()
	k.mark()
	return k
}

// unary is y = f(x).
func unary(name, doc string, f func(b *builder, x *value) *value, scalars ...string) definition {
	return definition{name, doc, flat("y", "x"), scalars, func(b *builder) { b.store("y", f(b, b.load("x"))) }}
}

// slope is dx = dy·f'(v), where v is f's result or argument.
func slope(name, doc string, f func(b *builder, v *value) *value, scalars ...string) definition {
	return definition{name, doc, flat("dx", "dy", "v"), scalars, func(b *builder) {
		b.store("dx", b.mul(b.load("dy"), f(b, b.load("v"))))
	}}
}

// gate keeps dy where v is positive and multiplies it by f(v) elsewhere.
func gate(b *builder, v, below *value) *value {
	return b.sel(b.less(b.num(0), v), b.num(1), below)
}

// definitions lists all kernels over rows.
func definitions() []definition {
	var all []definition
	for _, part := range [][]definition{functions, activations, slopes, plain, rules, losses, norms, statistics} {
		all = append(all, part...)
	}
	return all
}

var functions = []definition{
	unary("Exp", "y = e^x", func(b *builder, x *value) *value { return b.exp(x) }),
	unary("Log", "y = log x", func(b *builder, x *value) *value { return b.log(x) }),
}

var activations = []definition{
	unary("Sigmoid", "y = 1/(1+e^-x)", func(b *builder, x *value) *value { return b.sigmoid(x) }),
	unary("Tanh", "y = tanh x", func(b *builder, x *value) *value { return b.tanh(x) }),
	unary("Relu", "y = max(0, x)", func(b *builder, x *value) *value { return b.max(b.num(0), x) }),
	unary("LeakyRelu", "y = x above 0, slope·x below", func(b *builder, x *value) *value {
		return b.sel(b.less(b.num(0), x), x, b.mul(x, b.s("slope")))
	}, "slope"),
	unary("Elu", "y = x above 0, alpha·(e^x - 1) below", func(b *builder, x *value) *value {
		return b.sel(b.less(b.num(0), x), x, b.mul(b.expm1(x), b.s("alpha")))
	}, "alpha"),
	unary("Selu", "y = elu, scaled", func(b *builder, x *value) *value {
		e := b.mul(b.expm1(x), b.num(seluAlpha))
		return b.mul(b.sel(b.less(b.num(0), x), x, e), b.num(seluLambda))
	}),
	unary("Gelu", "y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³)))", func(b *builder, x *value) *value {
		return b.mul(x, b.geluShare(x))
	}),
	unary("Silu", "y = x·sigmoid(x)", func(b *builder, x *value) *value { return b.mul(x, b.sigmoid(x)) }),
	unary("Mish", "y = x·tanh(log(1+e^x))", func(b *builder, x *value) *value {
		t, _, _ := b.mishTanh(x)
		return b.mul(x, t)
	}),
	unary("Softplus", "y = log(1+e^x)", func(b *builder, x *value) *value { return b.softplus(x) }),
	unary("Step", "y = 1 from 0 on, else 0", func(b *builder, x *value) *value {
		return b.sel(b.lessEq(b.num(0), x), b.num(1), b.num(0))
	}),
}

var slopes = []definition{
	slope("SigmoidSlope", "v = sigmoid(x)", func(b *builder, v *value) *value { return b.fnma(v, v, v) }),
	slope("TanhSlope", "v = tanh(x)", func(b *builder, v *value) *value { return b.fnma(v, v, b.num(1)) }),
	slope("ReluSlope", "v = relu(x)", func(b *builder, v *value) *value { return gate(b, v, b.num(0)) }),
	slope("LeakySlope", "v = leaky_relu(x)", func(b *builder, v *value) *value { return gate(b, v, b.s("slope")) }, "slope"),
	slope("EluSlope", "v = elu(x)", func(b *builder, v *value) *value { return gate(b, v, b.add(v, b.s("alpha"))) }, "alpha"),
	slope("SeluSlope", "v = selu(x)", func(b *builder, v *value) *value {
		return b.sel(b.less(b.num(0), v), b.num(seluLambda), b.add(v, b.num(seluAlpha*seluLambda)))
	}),
	slope("GeluSlope", "v = x", func(b *builder, x *value) *value {
		s := b.geluShare(x) // s' = s(1-s)·2u'
		c := 2 * math.Sqrt(2/math.Pi)
		du := b.fma(b.mul(x, x), b.num(3*0.044715*c), b.num(c))
		return b.fma(b.mul(b.mul(x, s), b.sub(b.num(1), s)), du, s)
	}),
	slope("SiluSlope", "v = x", func(b *builder, x *value) *value {
		s := b.sigmoid(x)
		return b.fma(b.mul(x, s), b.sub(b.num(1), s), s)
	}),
	slope("MishSlope", "v = x", func(b *builder, x *value) *value {
		t, rest, e := b.mishTanh(x)
		s := b.div(e, b.add(e, b.num(1)))
		return b.fma(b.mul(x, s), b.mul(rest, b.add(t, b.num(1))), t)
	}),
	slope("SoftplusSlope", "v = x", func(b *builder, x *value) *value { return b.sigmoid(x) }),
}

var plain = []definition{
	{"Add", "y = a + b", flat("y", "a", "b"), nil, func(b *builder) { b.store("y", b.add(b.load("a"), b.load("b"))) }},
	{"Mul", "y = a·b", flat("y", "a", "b"), nil, func(b *builder) { b.store("y", b.mul(b.load("a"), b.load("b"))) }},
	unary("Scale", "y = s·x", func(b *builder, x *value) *value { return b.mul(x, b.s("s")) }, "s"),
	{"MulRows", "each row times the vector v", []array{row("y"), row("x"), vec("v")}, nil,
		func(b *builder) { b.store("y", b.mul(b.load("x"), b.load("v"))) }},
	{"Drop", "y = s·x where the bit is set, else 0", flat("y", "x"), []string{"s"}, func(b *builder) {
		b.store("y", b.sel(b.mask(), b.mul(b.load("x"), b.s("s")), b.num(0)))
	}},
	{"ReluDrop", "y = s·max(0, x) where the bit is set, else 0", flat("y", "x"), []string{"s"}, func(b *builder) {
		b.store("y", b.sel(b.mask(), b.mul(b.max(b.num(0), b.load("x")), b.s("s")), b.num(0)))
	}},
	{"SumSq", "r = Σ x² of each row", []array{row("x"), one("r")}, nil, func(b *builder) {
		x := b.load("x")
		s := b.sum(b.mul(x, x))
		b.once()
		b.put("r", s)
	}},
	{"ColSum", "a += each row", []array{vec("a"), row("x")}, nil, func(b *builder) { b.store("a", b.add(b.load("a"), b.load("x"))) }},
	{"ColDot", "a += x·y of each row", []array{vec("a"), row("x"), row("y")}, nil, func(b *builder) {
		b.store("a", b.fma(b.load("x"), b.load("y"), b.load("a")))
	}},
	{"ColVar", "a += (x - m)² of each row", []array{vec("a"), row("x"), vec("m")}, nil, func(b *builder) {
		d := b.sub(b.load("x"), b.load("m"))
		b.store("a", b.fma(d, d, b.load("a")))
	}},
}

// rules are the optimisers.
var rules = []definition{
	{"SGD", "p -= lr·g", flat("p", "g"), []string{"lr"}, func(b *builder) {
		b.store("p", b.fnma(b.s("lr"), b.load("g"), b.load("p")))
	}},
	{"Momentum", "v = mu·v + g, p -= lr·v", flat("p", "g", "v"), []string{"lr", "mu"}, func(b *builder) {
		v := b.fma(b.s("mu"), b.load("v"), b.load("g"))
		b.store("v", v)
		b.store("p", b.fnma(b.s("lr"), v, b.load("p")))
	}},
	{"Nesterov", "v = mu·v + g, p -= lr·(g + mu·v)", flat("p", "g", "v"), []string{"lr", "mu"}, func(b *builder) {
		g := b.load("g")
		v := b.fma(b.s("mu"), b.load("v"), g)
		b.store("v", v)
		b.store("p", b.fnma(b.s("lr"), b.fma(b.s("mu"), v, g), b.load("p")))
	}},
	{"Adam", "p -= shrink·p, then Adam with step = lr/(1-β1^t), unbias = 1/√(1-β2^t)", flat("p", "g", "m", "v"),
		[]string{"b1", "c1", "b2", "c2", "unbias", "eps", "step", "shrink"}, func(b *builder) {
			g := b.load("g")
			m := b.fma(b.s("b1"), b.load("m"), b.mul(g, b.s("c1")))
			b.store("m", m)
			v := b.fma(b.s("b2"), b.load("v"), b.mul(b.mul(g, g), b.s("c2")))
			b.store("v", v)
			d := b.fma(b.sqrt(v), b.s("unbias"), b.s("eps"))
			p := b.load("p")
			p = b.fnma(b.s("shrink"), p, p)
			b.store("p", b.sub(p, b.div(b.mul(m, b.s("step")), d)))
		}},
	{"RMSProp", "v = rho·v + (1-rho)·g², p -= lr·g/(√v + eps)", flat("p", "g", "v"), []string{"rho", "c", "lr", "eps"}, func(b *builder) {
		g := b.load("g")
		v := b.fma(b.s("rho"), b.load("v"), b.mul(b.mul(g, g), b.s("c")))
		b.store("v", v)
		b.store("p", b.sub(b.load("p"), b.div(b.mul(g, b.s("lr")), b.add(b.sqrt(v), b.s("eps")))))
	}},
	{"Adagrad", "v += g², p -= lr·g/(√v + eps)", flat("p", "g", "v"), []string{"lr", "eps"}, func(b *builder) {
		g := b.load("g")
		v := b.fma(g, g, b.load("v"))
		b.store("v", v)
		b.store("p", b.sub(b.load("p"), b.div(b.mul(g, b.s("lr")), b.add(b.sqrt(v), b.s("eps")))))
	}},
	{"Penalty", "g += l2·p + l1·sign(p)", flat("g", "p"), []string{"l1", "l2"}, func(b *builder) {
		p := b.load("p")
		sign := b.sel(b.less(b.num(0), p), b.s("l1"), b.sel(b.less(p, b.num(0)), b.neg(b.s("l1")), b.num(0)))
		b.store("g", b.add(b.fma(b.s("l2"), p, b.load("g")), sign))
	}},
}

// lossArrays are those of losses: a row has 16 rows of a batch as lanes, unit by
// unit; t are targets, w weights, l losses.
var lossArrays = []array{row("d"), row("z"), row("t"), lane("w"), lane("l")}

// losses give the loss of each lane and its slope by z times s.
var losses = []definition{
	{"MSE", "l = w·share·Σ (z-t)² over units, d = 2s·w(z-t)", lossArrays, []string{"s", "share"}, func(b *builder) {
		e := b.sub(b.load("z"), b.load("t"))
		sum := b.laneSum(b.mul(e, e))
		b.store("d", b.mul(b.mul(b.add(e, e), b.s("s")), b.load("w")))
		b.lanes()
		b.store("l", b.mul(b.mul(sum, b.s("share")), b.load("w")))
	}},
	{"BCE", "l = w·share·Σ (softplus(z) - t·z) over units, d = s·w(sigmoid(z) - t)", lossArrays, []string{"s", "share"}, func(b *builder) {
		z, t := b.load("z"), b.load("t")
		e := b.expSmall(b.neg(b.abs(z)))
		// max(z, 0) - t·z is exact for t of 0 and 1.
		sum := b.laneSum(b.add(b.log1p(e), b.fnma(t, z, b.max(b.num(0), z))))
		top := b.sel(b.less(z, b.num(0)), e, b.num(1))
		p := b.div(top, b.add(e, b.num(1)))
		b.store("d", b.mul(b.mul(b.sub(p, t), b.s("s")), b.load("w")))
		b.lanes()
		b.store("l", b.mul(b.mul(sum, b.s("share")), b.load("w")))
	}},
	{"CrossEntropy", "l = w(log Σe^z - on·z[t] - off·Σz), d = s·w(p - q) with p = softmax(z), q = full at unit t, else off; u numbers the units",
		[]array{row("d"), row("z"), vec("u"), lane("t"), lane("w"), lane("l")}, []string{"s", "on", "off", "full"}, func(b *builder) {
			hit := func() *value { return b.less(b.abs(b.sub(b.load("t"), b.load("u"))), b.num(0.5)) }
			z := b.load("z")
			top, all, at := b.laneTop(z), b.laneSum(z), b.laneSum(b.sel(hit(), z, b.num(0)))
			b.loop()
			e := b.expSmallOrZero(b.sub(b.load("z"), top))
			b.store("d", e)
			sum := b.laneSum(e)
			b.lanes()
			w := b.load("w")
			less := b.fnma(b.s("off"), all, b.fnma(b.s("on"), at, top))
			b.store("l", b.mul(b.add(b.log(sum), less), w))
			w = b.mul(w, b.s("s"))
			f := b.div(w, sum)
			b.loop()
			q := b.sel(hit(), b.s("full"), b.s("off"))
			b.store("d", b.sub(b.mul(b.load("d"), f), b.mul(w, q)))
		}},
	{"Softmax", "p = scale·e^(z-top)/sum of each row; pad is 0 where a lane counts, else -Inf",
		[]array{row("p"), row("z"), vec("pad"), one("scale"), one("top"), one("sum")}, nil, func(b *builder) {
			t := b.top(b.add(b.load("z"), b.load("pad")))
			b.once()
			b.put("top", t)
			b.loop()
			e := b.expSmallOrZero(b.sub(b.add(b.load("z"), b.load("pad")), t))
			b.store("p", e)
			s := b.sum(e)
			b.once()
			b.put("sum", s)
			f := b.div(b.perRow("scale"), s)
			b.loop()
			b.store("p", b.mul(b.load("p"), f))
		}},
	{"SoftmaxSlope", "dx = y(dy - Σ y·dy) of each row", flat("dx", "dy", "y"), nil, func(b *builder) {
		s := b.sum(b.mul(b.load("y"), b.load("dy")))
		b.loop()
		b.store("dx", b.mul(b.load("y"), b.sub(b.load("dy"), s)))
	}},
}

var norms = []definition{
	{"LayerNorm", "hat = (x-μ)/√(σ²+eps) of each row, y = gamma·hat + beta; on is 1 where a lane counts, else 0; share = 1/units",
		[]array{row("y"), row("hat"), row("x"), vec("gamma"), vec("beta"), vec("on"), one("inv")}, []string{"share", "eps"}, func(b *builder) {
			sum := b.sum(b.mul(b.load("x"), b.load("on")))
			b.once()
			mean := b.mul(sum, b.s("share"))
			b.loop()
			d := b.mul(b.sub(b.load("x"), mean), b.load("on"))
			sq := b.sum(b.mul(d, d))
			b.once()
			inv := b.div(b.num(1), b.sqrt(b.fma(sq, b.s("share"), b.s("eps"))))
			b.put("inv", inv)
			b.loop()
			h := b.mul(b.mul(b.sub(b.load("x"), mean), inv), b.load("on"))
			b.store("hat", h)
			b.store("y", b.fma(b.load("gamma"), h, b.load("beta")))
		}},
	{"LayerNormSlope", "dx = (dhat - mean(dhat) - hat·mean(dhat·hat))·inv with dhat = gamma·dy",
		[]array{row("dx"), row("dy"), row("hat"), vec("gamma"), vec("on"), one("inv")}, []string{"share"}, func(b *builder) {
			g := b.mul(b.load("dy"), b.load("gamma"))
			sum, along := b.sum(g), b.sum(b.mul(g, b.load("hat")))
			b.once()
			m, a := b.mul(sum, b.s("share")), b.mul(along, b.s("share"))
			inv := b.perRow("inv")
			b.loop()
			g = b.sub(b.mul(b.load("dy"), b.load("gamma")), m)
			g = b.fnma(b.load("hat"), a, g)
			b.store("dx", b.mul(b.mul(g, inv), b.load("on")))
		}},
	{"Normalize", "hat = (x - mean)·inv, y = gamma·hat + beta",
		[]array{row("y"), row("hat"), row("x"), vec("mean"), vec("inv"), vec("gamma"), vec("beta")}, nil, func(b *builder) {
			h := b.mul(b.sub(b.load("x"), b.load("mean")), b.load("inv"))
			b.store("hat", h)
			b.store("y", b.fma(b.load("gamma"), h, b.load("beta")))
		}},
	{"NormalizeSlope", "dx = a·dy - m - c·hat", []array{row("dx"), row("dy"), row("hat"), vec("a"), vec("m"), vec("c")}, nil, func(b *builder) {
		g := b.sub(b.mul(b.load("a"), b.load("dy")), b.load("m"))
		b.store("dx", b.fnma(b.load("c"), b.load("hat"), g))
	}},
}
