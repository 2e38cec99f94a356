package learn

import (
	"fmt"
	"strings"

	"mlpkernel/nn"
)

// LaTeX writes the network as equations for one column vector x, with the real
// sizes of every matrix: Y = f(WX + b).
func (m *Model) LaTeX() string { return PlanLaTeX(m.plan) }

// PlanLaTeX writes a plan's equations. Dense layers have the numbers 1, 2, 3, … in
// order: h_k is what W_k gives. What follows without weights of that kind, a norm
// or a sum, is h_k with a prime, and so on.
func PlanLaTeX(p *nn.Plan) string {
	e := &equations{plan: p, names: map[int]string{0: "x"}, sizes: map[int]string{}}
	if len(p.Steps) == 0 || p.Steps[0].Op != nn.OpEmbed {
		e.line(fmt.Sprintf(`x &\in \mathbb{R}^{%d}`, p.Input.Numeric))
	}
	for _, s := range p.Steps {
		e.step(s)
	}
	last := e.names[p.Logits]
	if !p.Head.Act.Linear() {
		e.line(fmt.Sprintf(`y &= %s\left(%s\right)`, functionLaTeX(p.Head.Act), last))
	} else if n := len(e.lines); n > 0 {
		e.lines[n-1] = "y" + strings.TrimPrefix(e.lines[n-1], last)
	}
	return "\\begin{aligned}\n" + strings.Join(e.lines, " \\\\\n") + "\n\\end{aligned}"
}

// equations are the lines about a plan and what they have named so far.
type equations struct {
	plan  *nn.Plan
	lines []string
	names map[int]string // of buffers
	sizes map[int]string // of the matrix in a name that is a product
	// How many matrices W, projections P and norms there are.
	dense, projections, norms int
}

func (e *equations) line(s string) { e.lines = append(e.lines, s) }

// step writes a step's equation and names what it gives.
func (e *equations) step(s nn.Step) {
	in := e.names[s.In]
	out := in + "'"
	switch s.Op {
	case nn.OpEmbed:
		out = "x"
		e.embedding(s)
	case nn.OpDropout: // the identity when predicting
		out = in
	case nn.OpDense:
		out = e.product(s, in)
	case nn.OpActivation:
		e.line(fmt.Sprintf(`%s &= %s\left(%s\right)`, out, functionLaTeX(s.Act), in))
	case nn.OpBatchNorm, nn.OpLayerNorm:
		e.norm(s.Op, in, out)
	case nn.OpAdd:
		out = e.names[s.In2] + "'"
		e.line(fmt.Sprintf(`%s &= %s + %s%s`, out, in, e.names[s.In2], e.sizes[s.In]))
	}
	e.names[s.Out] = out
}

// product writes a dense layer, f(Wx + b). A skip's projection is but a term, Px.
func (e *equations) product(s nn.Step, in string) (out string) {
	w := e.plan.Blocks[s.W]
	if w.Name == s.Layer+".P.W" {
		e.projections++
		e.sizes[s.Out] = sizeColumn + matrixLaTeX("P", e.projections, w)
		return fmt.Sprintf(`P_{%d}\, %s`, e.projections, in)
	}
	e.dense++
	out = fmt.Sprintf("h_{%d}", e.dense)
	sum := fmt.Sprintf(`W_{%d}\, %s`, e.dense, in)
	sizes := matrixLaTeX("W", e.dense, w)
	if s.B >= 0 {
		sum += fmt.Sprintf(" + b_{%d}", e.dense)
		sizes += fmt.Sprintf(`,\ b_{%d} \in \mathbb{R}^{%d}`, e.dense, w.Rows)
	}
	if !s.Act.Linear() {
		sum = fmt.Sprintf(`%s\left(%s\right)`, functionLaTeX(s.Act), sum)
	}
	e.line(out + " &= " + sum + sizeColumn + sizes)
	return out
}

// sizeColumn leads to the sizes of an equation's matrices, which stand in a column.
const sizeColumn = `, &\quad& `

// matrixLaTeX is "W_1 ∈ ℝ^{64 × 4}".
func matrixLaTeX(letter string, k int, b nn.Block) string {
	return fmt.Sprintf(`%s_{%d} \in \mathbb{R}^{%d \times %d}`, letter, k, b.Rows, b.Cols)
}

func (e *equations) norm(op nn.Op, in, out string) {
	e.norms++
	k := e.norms
	mean, variance := fmt.Sprintf(`\mu_{%d}`, k), fmt.Sprintf(`\sigma_{%d}^2`, k)
	if op == nn.OpLayerNorm {
		mean, variance = fmt.Sprintf(`\mathrm{mean}(%s)`, in), fmt.Sprintf(`\mathrm{var}(%s)`, in)
	}
	e.line(fmt.Sprintf(`%s &= \gamma_{%d} \odot \frac{%s - %s}{\sqrt{%s + \epsilon}} + \beta_{%d}`, out, k, in, mean, variance, k))
}

// embedded is how many tables are written out; of more, the first and the last.
const embedded = 3

// embedding writes x as the numbers u, if there are any, and under them a row of
// each category's table E.
func (e *equations) embedding(s nn.Step) {
	var parts, sizes []string
	if n := e.plan.Input.Numeric; n > 0 {
		e.line(fmt.Sprintf(`u &\in \mathbb{R}^{%d}`, n))
		parts = append(parts, "u")
	}
	for i, table := range s.Tables {
		k := i + 1
		if len(s.Tables) > embedded && 1 < k && k < len(s.Tables) {
			if k == 2 {
				parts, sizes = append(parts, `\ldots`), append(sizes, `\ldots`)
			}
			continue
		}
		parts = append(parts, fmt.Sprintf(`E_{%d}[c_{%d}]`, k, k))
		sizes = append(sizes, matrixLaTeX("E", k, e.plan.Blocks[table]))
	}
	x := parts[0]
	if len(parts) > 1 {
		x = `\left[` + strings.Join(parts, `;\ `) + `\right]`
	}
	e.line(fmt.Sprintf(`x &= %s \in \mathbb{R}^{%d}`, x, e.plan.Widths[s.Out]) + sizeColumn + strings.Join(sizes, `,\ `))
}

func functionLaTeX(a nn.Activation) string {
	switch name := a.Symbol(); name {
	case "f":
		return name
	case "sigmoid":
		return `\sigma`
	case "tanh":
		return `\tanh`
	default:
		return `\mathrm{` + strings.ReplaceAll(name, "_", `\_`) + "}"
	}
}
