package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// portable prints kernels as Go that gives the same bits as the assembly:
// products that are added to are rounded by a conversion, and fma and fnma
// round once.
type portable struct {
	strings.Builder
	names map[*value]string
	k     *kernel
}

func portableFile(ks []*kernel) string {
	p := &portable{}
	p.WriteString(header + "package kern\n\nimport \"math\"\n\n")
	for _, k := range ks {
		p.kernel(k)
	}
	p.WriteString("// portableMaps is indexed by Map.\nvar portableMaps = [numMaps]func(*Args){\n")
	for _, k := range ks {
		fmt.Fprintf(p, "%s: go%s,\n", k.name, k.name)
	}
	p.WriteString("}\n")
	return p.String()
}

func (p *portable) kernel(k *kernel) {
	p.k, p.names = k, map[*value]string{}
	fmt.Fprintf(p, "func go%s(a *Args) {\n", k.name)
	for i, s := range k.scalars {
		fmt.Fprintf(p, "s%s := a.S[%d]\n", s, i)
	}
	fmt.Fprintf(p, "for r := range a.Rows {\n")
	for i, a := range k.arrays {
		switch a.kind {
		case rowArray:
			fmt.Fprintf(p, "a%s := a.row(%d, r)\n", a.name, i)
		case vectorArray:
			fmt.Fprintf(p, "a%s := a.row(%d, 0)\n", a.name, i)
		case laneArray:
			fmt.Fprintf(p, "a%s := a.lanes(%d, r)\n", a.name, i)
		}
	}
	for _, ph := range k.phases {
		p.phase(ph)
	}
	p.WriteString("}\n}\n\n")
}

func (p *portable) phase(ph *phase) {
	switch {
	case ph.loop:
		p.loop(ph)
	case ph.lanes:
		for _, v := range ph.code {
			if p.leaves(v) {
				p.names[v] = fmt.Sprintf("t%d[l]", len(p.names))
				fmt.Fprintf(p, "var %s lanes\n", strings.TrimSuffix(p.names[v], "[l]"))
			}
		}
		p.WriteString("for l := range Lanes {\n")
		p.code(ph)
		p.WriteString("}\n")
	default:
		p.code(ph)
	}
}

func (p *portable) loop(ph *phase) {
	var reduced []*value
	lanes := false
	for _, v := range ph.code {
		if v.op.reduces() {
			reduced = append(reduced, v)
		}
		lanes = lanes || p.ofLane(v) || slices.ContainsFunc(v.in, (*value).lanewise)
	}
	for _, v := range reduced {
		p.names[v] = fmt.Sprintf("t%d", len(p.names))
		start := "lanes{}"
		if v.op.tops() {
			start = "lowest()"
		}
		fmt.Fprintf(p, "lanes%s := %s\n", p.names[v], start)
	}
	p.WriteString("for i := range a.N {\n")
	if lanes || len(reduced) > 0 {
		p.WriteString("l := i % Lanes\n")
	}
	p.code(ph)
	for _, v := range reduced {
		in, sum := p.name(v.in[0]), "lanes"+p.names[v]
		if v.op.tops() {
			fmt.Fprintf(p, "%s[l] = greater(%s[l], %s)\n", sum, sum, in)
		} else {
			fmt.Fprintf(p, "%s[l] += %s\n", sum, in)
		}
	}
	p.WriteString("}\n")
	for _, v := range reduced {
		switch v.op {
		case opSum:
			fmt.Fprintf(p, "%s := lanes%s.sum()\n", p.names[v], p.names[v])
		case opTop:
			fmt.Fprintf(p, "%s := lanes%s.top()\n", p.names[v], p.names[v])
		default:
			p.names[v] = "lanes" + p.names[v] + "[l]"
		}
	}
}

// leaves says whether a value is used in other phases than its own.
func (p *portable) leaves(v *value) bool {
	return slices.ContainsFunc(p.k.phases, func(ph *phase) bool {
		return ph != v.phase && slices.ContainsFunc(ph.code, func(w *value) bool { return slices.Contains(w.in, v) })
	})
}

// ofLane says whether a load or a store is of an array of lanes.
func (p *portable) ofLane(v *value) bool {
	return (v.op == opLoad || v.op == opStore) && p.k.arrays[v.bits].kind == laneArray
}

// element is a load's or a store's place.
func (p *portable) element(v *value) string {
	i := "i"
	if p.ofLane(v) {
		i = "l"
	}
	return fmt.Sprintf("a%s[%s]", p.k.arrays[v.bits].name, i)
}

func (p *portable) code(ph *phase) {
	for _, v := range ph.code {
		switch {
		case v.op.reduces():
		case v.op == opStore:
			fmt.Fprintf(p, "%s = %s\n", p.element(v), p.name(v.in[0]))
		case v.op == opStorePerRow:
			fmt.Fprintf(p, "*a.at(%d, r) = %s\n", v.bits, p.name(v.in[0]))
		case ph.lanes && p.leaves(v):
			fmt.Fprintf(p, "%s = %s\n", p.names[v], p.expr(v))
		default:
			n := fmt.Sprintf("t%d", len(p.names))
			fmt.Fprintf(p, "%s := %s\n", n, p.expr(v))
			p.names[v] = n
		}
	}
}

func (p *portable) name(v *value) string {
	switch v.op {
	case opConst:
		return constant(v.bits)
	case opScalar:
		return "s" + p.k.scalars[v.bits]
	}
	n, ok := p.names[v]
	if !ok {
		panic("value used before it is made in " + p.k.name)
	}
	return n
}

// constant prints a float32 by value if that is exact, else by bits.
func constant(bits uint32) string {
	f := math.Float32frombits(bits)
	if f == f && !math.IsInf(float64(f), 0) && !(f == 0 && bits != 0) {
		return fmt.Sprintf("float32(%g)", f)
	}
	return fmt.Sprintf("math.Float32frombits(%#x)", bits)
}

var portableForm = map[op]string{
	opAdd: "%s + %s", opSub: "%s - %s", opMul: "float32(%s * %s)", opDiv: "%s / %s",
	opSqrt: "float32(math.Sqrt(float64(%s)))",
	opFMA:  "fma(%s, %s, %s)", opFNMA: "fma(-%s, %s, %s)",
	opMin: "less(%s, %s)", opMax: "greater(%s, %s)", opRint: "float32(math.RoundToEven(float64(%s)))",
	opLess: "%s < %s", opLessEq: "%s <= %s", opSelect: "choose(%s, %s, %s)",
	opAnd: "and(%s, %s)", opOr: "or(%s, %s)", opXor: "xor(%s, %s)", opToInt: "toInt(%s)",
	opIAdd: "iadd(%s, %s)", opISub: "isub(%s, %s)",
}

func (p *portable) expr(v *value) string {
	in := make([]any, len(v.in))
	for i, w := range v.in {
		in[i] = p.name(w)
	}
	switch v.op {
	case opLoad:
		return p.element(v)
	case opPerRow:
		return fmt.Sprintf("*a.at(%d, r)", v.bits)
	case opBits:
		return "a.bit(r*a.BitRow + i)"
	case opShl:
		return fmt.Sprintf("shl(%s, %d)", in[0], v.bits)
	case opSra:
		return fmt.Sprintf("sra(%s, %d)", in[0], v.bits)
	}
	return fmt.Sprintf(portableForm[v.op], in...)
}
