package learn

import (
	"fmt"
	"strings"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Preset is a network together with options that suit it, for one call.
type Preset struct {
	Name, Doc string
	fill      func(o *Options, numbers bool)
}

// presetTable is built once and only read.
var presetTable = []Preset{
	{"linear", "Linear or logistic regression: the output alone, taken to its optimum by lbfgs().", linearPreset},
	{"realmlp_s", "After RealMLP-TD-S (Holzmüller et al. 2024): three layers of 256, robust scaling with a smooth clip, Adam with beta2 0.95 and a rate in cosine waves, label smoothing; the best of 256 epochs on a fifth of the rows held out. Left out: parametric activations and the scaling layer.", realSmall},
	{"realmlp", "After RealMLP-TD (Holzmüller et al. 2024): realmlp_s with dropout and weight decay that fade out in the second half, and embeddings of 8. Left out besides: embeddings of numbers and the data-driven initialiser.", realLarge},
}

// Presets lists the presets there are.
func Presets() []Preset { return presetTable }

// Options fills what o leaves out. Data and Target are needed, as what suits
// depends on the target.
func (p Preset) Options(o Options) (Options, error) {
	if o.Data == nil || len(o.Target) == 0 {
		return o, fmt.Errorf("%s() needs data and a target", p.Name)
	}
	t, err := table.FitTarget(o.Data, o.Target, table.TargetOptions{Positive: o.Positive})
	if err != nil {
		return o, err
	}
	filled := Options{}
	p.fill(&filled, t.Kind == table.TargetNumbers)
	if t.Kind == table.TargetLabels {
		filled.Loss = nn.Loss{}
	}
	return o.over(filled), nil
}

// PresetNamed finds a preset.
func PresetNamed(name string) (Preset, error) {
	var names []string
	for _, p := range presetTable {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, fmt.Errorf("no preset is called %q; there are %s", name, strings.Join(names, ", "))
}

// over is o with what it leaves out taken from base.
func (o Options) over(base Options) Options {
	if len(o.Net.Layers()) == 0 {
		o.Net = base.Net
	}
	if o.Optimizer.Name == "" {
		o.Optimizer = base.Optimizer
	}
	if !o.Loss.Given() {
		o.Loss = base.Loss
	}
	if o.Prep == nil && !o.NoPrep {
		o.Prep = base.Prep
	}
	if o.Epochs == nil {
		o.Epochs = base.Epochs
	}
	if o.BatchSize == nil {
		o.BatchSize = base.BatchSize
	}
	if o.EarlyStopping == nil {
		o.EarlyStopping = base.EarlyStopping
	}
	if !o.Validation.given() {
		o.Validation = base.Validation
	}
	return o
}

func linearPreset(o *Options, _ bool) {
	o.Net = nn.Chain(nn.Output{})
	o.Optimizer = nn.Optimizer{Name: "lbfgs", LR: nn.Constant(1), History: 10}
	o.Epochs, o.BatchSize = new(100), new(0)
}

// Rates are those of the paper over the root of the width of the layers, 16:
// its networks divide by that root inside, ours have it in the weights.
const (
	realRate        = 0.04 / 16
	realNumbersRate = 0.07 / 16
	realDecay       = 0.02 * 16
)

func realSmall(o *Options, numbers bool) {
	act, rate := "selu", realRate
	if numbers {
		act, rate = "mish", realNumbersRate
	} else {
		o.Loss = nn.Loss{Name: "cross_entropy", Param: 0.1}
	}
	layer := nn.Dense{Units: 256, Activation: nn.Act(act), Init: nn.Init("lecun_normal")}
	o.Net = nn.Chain(layer, layer, layer, nn.Output{Dense: nn.Dense{Init: nn.Init("zeros")}})
	o.Prep = table.Chain{table.Dates{}, table.Impute{Flag: true}, table.Robust{}, table.SmoothClip{}, table.OneHot{Max: -1, Signed: true}}
	o.Optimizer = realOptimizer("adam", rate)
	o.Epochs, o.BatchSize = new(256), new(256)
	// All epochs are trained, and the best one's weights are taken.
	o.Validation.Share, o.EarlyStopping = 0.2, new(256)
}

func realLarge(o *Options, numbers bool) {
	realSmall(o, numbers)
	drop := nn.Dropout{Rate: fading(0.15)}
	hidden := o.Net.Layers()[0]
	o.Net = nn.Chain(nn.Embedding{Dim: 8}, hidden, drop, hidden, drop, hidden, drop, nn.Output{})
	o.Prep = table.Auto{}
	rate := realRate
	if numbers {
		rate = realNumbersRate
	}
	o.Optimizer = realOptimizer("adamw", rate)
	o.Optimizer.WeightDecay = fading(realDecay)
}

func fading(v float64) nn.Schedule { return nn.Schedule{{Name: "flat_cos", P: [4]float64{v}}} }

func realOptimizer(name string, rate float64) nn.Optimizer {
	return nn.Optimizer{Name: name, Beta1: 0.9, Beta2: 0.95, Eps: 1e-8, LR: nn.Schedule{{Name: "coslog", P: [4]float64{rate, 4}}}}
}
