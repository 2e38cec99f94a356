package nn

import "fmt"

// Dropout sets each unit to 0 with probability Rate while training and scales
// the others by 1/(1-Rate) (inverted scaling), so that nothing need change when
// predicting. Srivastava et al. 2014.
type Dropout struct {
	Rate Schedule // the DROP rate, from 0 to below 1; nil is 0
	Name string
}

var dropoutDef = LayerDef{
	Def: Def{Name: "dropout", Doc: "While training, removes each unit with this probability and scales the others up: each step trains another thinned network, and predicting averages them.",
		Formula: `y = \frac{m}{1 - p}\,x,\quad m \sim \mathrm{Bernoulli}(1 - p)`,
		Params:  []Param{{Name: "rate", Doc: "probability of being removed", Required: true, Kind: Rate, Max: 0.999}}},
	Example: Dropout{Rate: Constant(0.3)},
}

func (d Dropout) Layers() []Layer { return []Layer{d} }
func (d Dropout) Kind() string    { return "dropout" }
func (d Dropout) String() string  { return "dropout(" + d.Rate.text() + named(d.Name) + ")" }

func (d Dropout) renamed(suffix string) Layer {
	d.Name = suffixed(d.Name, suffix)
	return d
}

func (d Dropout) lower(l *lowering) error {
	if lo, hi := d.Rate.Span(); !(lo >= 0 && hi < 1) {
		return l.fail("the rate is the share of units removed, from 0 to below 1, not %s", d.Rate)
	}
	l.step(Step{Op: OpDropout, Rate: d.Rate, Key: l.dropouts}, l.width())
	l.dropouts++
	return nil
}

// text is String, with 0 for none.
func (s Schedule) text() string {
	if len(s) == 0 {
		return "0"
	}
	return s.String()
}

func named(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(", name=%q", name)
}

// DropoutThreshold gives the exact rule of a mask: the unit with element
// number e = row*width + unit of step t is kept when word e of
// philox.New(seed, philox.Dropout, Step.Key, t) is at least threshold, and is
// then multiplied by scale (a float32 backend rounds scale to float32). Rates
// beyond [0, 1) are clipped; at 1 everything is dropped.
func DropoutThreshold(rate float64) (threshold uint64, scale float64) {
	switch {
	case !(rate > 0):
		return 0, 1
	case rate >= 1:
		return 1 << 32, 0
	}
	return uint64(rate * (1 << 32)), 1 / (1 - rate)
}
