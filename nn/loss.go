package nn

// Loss is what training makes small. The zero value means the one that fits
// the target. See [Losses].
type Loss struct {
	Name  string
	Param float64 // delta of huber, q of quantile, label_smoothing, gamma of focal
}

// NewLoss gives the loss with a name and parameters.
func NewLoss(name string, args map[string]float64) (Loss, error) {
	i, err := find(Losses(), func(d LossDef) Def { return d.Def }, "loss", name)
	if err != nil {
		return Loss{}, err
	}
	p, err := Losses()[i].Fill(args)
	if err != nil {
		return Loss{}, err
	}
	l := Loss{Name: name}
	if len(p) > 0 {
		l.Param = p[0]
	}
	return l, nil
}

// Given reports whether a loss was named.
func (l Loss) Given() bool { return l.Name != "" }

// Def gives the entry of [Losses].
func (l Loss) Def() LossDef {
	for _, d := range lossTable {
		if d.Name == l.Name {
			return d
		}
	}
	panic("nn: unknown loss " + l.Name)
}

// String is the source text: "mse", "huber(delta=2)".
func (l Loss) String() string {
	if !l.Given() {
		return "auto"
	}
	return l.Def().call([]float64{l.Param})
}
