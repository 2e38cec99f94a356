package nn

import "fmt"

// Skip adds its input to its body's output: y = x + body(x). Where the widths
// differ and Project is set, y = Px + body(x) with learnt weights P.
type Skip struct {
	Body    Network
	Project bool
	Name    string
}

var skipDef = LayerDef{
	Def: Def{Name: "skip", Doc: "A residual connection: adds what goes in to what the block gives (He et al. 2016).", Formula: `y = x + g(x)`,
		Params: []Param{{Name: "project", Doc: "bring x to the block's width by weights of its own", Kind: Flag}}},
	Example: Skip{Body: Network{[]Layer{Dense{Units: 4, Activation: Activation{Name: "tanh"}}}}, Project: true},
}

func (s Skip) Layers() []Layer { return []Layer{s} }
func (s Skip) Kind() string    { return "skip" }

func (s Skip) String() string {
	project := ""
	if s.Project {
		project = ", project=True"
	}
	return fmt.Sprintf("skip(%s%s%s)", s.Body, project, named(s.Name))
}

func (s Skip) renamed(suffix string) Layer {
	body := make([]Layer, len(s.Body.layers))
	for i, l := range s.Body.layers {
		body[i] = l.renamed(suffix)
	}
	s.Body = Network{body}
	s.Name = suffixed(s.Name, suffix)
	return s
}

func (s Skip) lower(l *lowering) error {
	name, from, in := l.info.Name, l.cur, l.width()
	if len(s.Body.layers) == 0 {
		return l.fail("skip() needs a block: skip(dense(%d, relu))", in)
	}
	if err := l.inner(s.Body.layers); err != nil {
		return err
	}
	to, out := l.cur, l.width()
	if in != out {
		if !s.Project {
			return l.fail("skip adds its input (%d) to its block's output (%d), and the widths differ; end the block with dense(%d) or write skip(…, project=True)", in, out, in)
		}
		l.cur = from
		l.named(name, "P.")
		if err := l.dense(Dense{Units: out, NoBias: true, Init: Initializer{Name: "glorot_uniform"}}, Activation{}); err != nil {
			return err
		}
		from = l.cur
	}
	l.cur = from
	l.step(Step{Op: OpAdd, In2: to}, out)
	return nil
}
