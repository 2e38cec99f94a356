package learn

import (
	"fmt"
	"strings"

	"mlpkernel/nn"
)

// LaTeX writes the network as equations for one column vector x, with the real
// sizes of every matrix: Y = f(WX + b).
func (m *Model) LaTeX() string { return PlanLaTeX(m.plan) }

// PlanLaTeX writes a plan's equations.
func PlanLaTeX(p *nn.Plan) string {
	var lines []string
	names := map[int]string{0: "x"}
	count := 0
	for _, s := range p.Steps {
		if s.Op == nn.OpDropout {
			names[s.Out] = names[s.In] // the identity when predicting
			continue
		}
		count++
		out := fmt.Sprintf("h_{%d}", count)
		names[s.Out] = out
		lines = append(lines, stepLaTeX(p, s, names, out, count))
	}
	last := names[p.Logits]
	if !p.Head.Act.Linear() {
		lines = append(lines, fmt.Sprintf(`y &= %s\left(%s\right)`, functionLaTeX(p.Head.Act), last))
	} else if n := len(lines); n > 0 {
		lines[n-1] = "y" + strings.TrimPrefix(lines[n-1], last)
	}
	lines = append([]string{fmt.Sprintf(`x &\in \mathbb{R}^{%d}`, p.Input.Numeric)}, lines...)
	return "\\begin{aligned}\n" + strings.Join(lines, " \\\\\n") + "\n\\end{aligned}"
}

func stepLaTeX(p *nn.Plan, s nn.Step, names map[int]string, out string, k int) string {
	in := names[s.In]
	switch s.Op {
	case nn.OpDense:
		return denseLaTeX(p, s, in, out, k)
	case nn.OpActivation:
		return fmt.Sprintf(`%s &= %s\left(%s\right)`, out, functionLaTeX(s.Act), in)
	case nn.OpBatchNorm:
		return fmt.Sprintf(`%s &= \gamma_{%d} \odot \frac{%s - \mu_{%d}}{\sqrt{\sigma_{%d}^2 + \epsilon}} + \beta_{%d}`, out, k, in, k, k, k)
	case nn.OpLayerNorm:
		return fmt.Sprintf(`%s &= \gamma_{%d} \odot \frac{%s - \mathrm{mean}(%s)}{\sqrt{\mathrm{var}(%s) + \epsilon}} + \beta_{%d}`, out, k, in, in, in, k)
	case nn.OpEmbed:
		return fmt.Sprintf(`%s &= \left[%s;\ E_{c_1}; \ldots; E_{c_{%d}}\right] \in \mathbb{R}^{%d}`, out, in, len(s.Tables), p.Widths[s.Out])
	}
	return fmt.Sprintf(`%s &= %s + %s`, out, in, names[s.In2])
}

func denseLaTeX(p *nn.Plan, s nn.Step, in, out string, k int) string {
	w := p.Blocks[s.W]
	sum := fmt.Sprintf("W_{%d}\\, %s", k, in)
	sizes := fmt.Sprintf(`W_{%d} \in \mathbb{R}^{%d \times %d}`, k, w.Rows, w.Cols)
	if s.B >= 0 {
		sum += fmt.Sprintf(" + b_{%d}", k)
		sizes += fmt.Sprintf(`,\ b_{%d} \in \mathbb{R}^{%d}`, k, w.Rows)
	}
	if !s.Act.Linear() {
		sum = fmt.Sprintf(`%s\left(%s\right)`, functionLaTeX(s.Act), sum)
	}
	return fmt.Sprintf(`%s &= %s, & %s`, out, sum, sizes)
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
