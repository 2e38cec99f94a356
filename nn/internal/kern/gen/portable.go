package main

import (
	"fmt"
	"math"
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
		}
	}
	for _, ph := range k.phases {
		p.phase(ph)
	}
	p.WriteString("}\n}\n\n")
}

func (p *portable) phase(ph *phase) {
	if !ph.loop {
		p.code(ph)
		return
	}
	var reduced []*value
	for _, v := range ph.code {
		if v.op.reduces() {
			reduced = append(reduced, v)
		}
	}
	if len(reduced) == 0 {
		p.WriteString("for i := range a.N {\n")
		p.code(ph)
		p.WriteString("}\n")
		return
	}
	for _, v := range reduced {
		p.names[v] = fmt.Sprintf("t%d", len(p.names))
		start := "lanes{}"
		if v.op == opTop {
			start = "lowest()"
		}
		fmt.Fprintf(p, "lanes%s := %s\n", p.names[v], start)
	}
	p.WriteString("for i := range a.N {\nl := i % Lanes\n")
	p.code(ph)
	for _, v := range reduced {
		in, sum := p.name(v.in[0]), "lanes"+p.names[v]
		if v.op == opTop {
			fmt.Fprintf(p, "%s[l] = greater(%s[l], %s)\n", sum, sum, in)
		} else {
			fmt.Fprintf(p, "%s[l] += %s\n", sum, in)
		}
	}
	p.WriteString("}\n")
	for _, v := range reduced {
		fold := "sum"
		if v.op == opTop {
			fold = "top"
		}
		fmt.Fprintf(p, "%s := lanes%s.%s()\n", p.names[v], p.names[v], fold)
	}
}

func (p *portable) code(ph *phase) {
	for _, v := range ph.code {
		switch v.op {
		case opSum, opTop:
		case opStore:
			fmt.Fprintf(p, "a%s[i] = %s\n", p.k.arrays[v.bits].name, p.name(v.in[0]))
		case opStorePerRow:
			fmt.Fprintf(p, "*a.at(%d, r) = %s\n", v.bits, p.name(v.in[0]))
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
		return fmt.Sprintf("a%s[i]", p.k.arrays[v.bits].name)
	case opPerRow:
		return fmt.Sprintf("*a.at(%d, r)", v.bits)
	case opBits:
		return "a.bit(r*a.BitRow + i)"
	case opShl:
		return fmt.Sprintf("shl(%s, %d)", in[0], v.bits)
	case opShr:
		return fmt.Sprintf("shr(%s, %d)", in[0], v.bits)
	case opSra:
		return fmt.Sprintf("sra(%s, %d)", in[0], v.bits)
	}
	return fmt.Sprintf(portableForm[v.op], in...)
}
