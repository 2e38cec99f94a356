package nn

import (
	"math"

	"mlpkernel/nn/mathx"
)

// ScheduleDef is an entry of [Schedules].
type ScheduleDef struct {
	Def
	Whole bool // laid over the whole training: how long that is changes it
	// At evaluates the factor with parameters in the order of Params.
	At func(c Clock, p [4]float64) float64
}

func rate(name, doc string) Param { return Param{Name: name, Doc: doc, Required: true} }

// scheduleTable is built once and only read.
var scheduleTable = []ScheduleDef{
	{
		Def: Def{Name: "constant", Doc: "The same all the time; a plain number means this.", Formula: `v`,
			Params: []Param{rate("value", "the rate")}},
		At: func(_ Clock, p [4]float64) float64 { return p[0] },
	},
	{
		Def: Def{Name: "step_decay", Doc: "Multiplied by factor every so many epochs.", Formula: `v f^{\lfloor e / n \rfloor}`,
			Params: []Param{rate("start", "rate of the first epochs"), {Name: "factor", Doc: "what a drop multiplies by", Default: 0.5, Max: 1e6},
				{Name: "every", Doc: "epochs between drops", Default: 10, Min: 1e-3, Max: 1e9}}},
		At: func(c Clock, p [4]float64) float64 {
			return p[0] * powInt(p[1], int(math.Floor(c.epochs()/p[2])))
		},
	},
	{
		Def: Def{Name: "exponential", Doc: "Multiplied by factor in the course of each epoch, smoothly.", Formula: `v f^e`,
			Params: []Param{rate("start", "rate at the start"), {Name: "factor", Doc: "what an epoch multiplies by", Default: 0.95, Min: 1e-9, Max: 1e6}}},
		At: func(c Clock, p [4]float64) float64 { return p[0] * mathx.Pow(p[1], c.epochs()) },
	},
	{
		Def: Def{Name: "cosine", Doc: "Half a cosine wave from start to end over the whole training.", Formula: `b + (a-b)\,\tfrac{1 + \cos \pi t}{2}`,
			Params: []Param{rate("start", "rate at the start"), {Name: "end", Doc: "rate at the end"}}},
		Whole: true,
		At:    func(c Clock, p [4]float64) float64 { return wave(p[0], p[1], c.Progress()) },
	},
	{
		Def: Def{Name: "one_cycle", Doc: "Up from peak/div to peak, then down to peak/div/final, both in half cosines (Smith 2018).",
			Params: []Param{rate("peak", "highest rate"), {Name: "rise", Doc: "share of the training that goes up", Default: 0.3, Min: 0, Max: 1},
				{Name: "div", Doc: "peak over the rate at the start", Default: 25, Min: 1, Max: 1e9},
				{Name: "final", Doc: "rate at the start over the rate at the end", Default: 1e4, Min: 1, Max: 1e12}}},
		Whole: true,
		At:    oneCycle,
	},
	{
		Def: Def{Name: "warmup", Doc: "A factor that rises in a line to 1 over the first part of the training; multiply by it.",
			Formula: `\min(1, t/s)`, Params: []Param{{Name: "share", Doc: "share of the training that rises", Default: 0.1, Min: 0, Max: 1}}},
		Whole: true,
		At: func(c Clock, p [4]float64) float64 {
			if p[0] <= 0 || c.Steps <= 0 {
				return 1
			}
			// The first step is not lost: it counts as done.
			return math.Min(1, float64(c.Step+1)/(p[0]*float64(c.Steps)))
		},
	},
	{
		Def: Def{Name: "coslog", Doc: "Cosine waves that grow longer and longer (coslog4 of RealMLP, Holzmüller et al. 2024).",
			Formula: `\tfrac{v}{2}\left(1 - \cos(2\pi \log_2(1 + (2^n - 1) t))\right)`,
			Params:  []Param{{Name: "peak", Doc: "highest rate", Default: 1}, {Name: "cycles", Doc: "number of waves", Default: 4, Min: 1, Max: 30}}},
		Whole: true,
		At: func(c Clock, p [4]float64) float64 {
			waves := mathx.Log(1+float64((mathx.Pow(2, p[1])-1)*c.Progress())) / math.Ln2
			return float64(p[0]*0.5) * (1 - mathx.Cos(2*math.Pi*waves))
		},
	},
	{
		Def: Def{Name: "flat_cos", Doc: "Constant for the first half, then half a cosine wave to 0.",
			Formula: `\tfrac{v}{2}\left(1 + \cos(\pi (\max(1, 2t) - 1))\right)`,
			Params:  []Param{{Name: "peak", Doc: "rate of the first half", Default: 1}}},
		Whole: true,
		At:    func(c Clock, p [4]float64) float64 { return wave(p[0], 0, math.Max(1, 2*c.Progress())-1) },
	},
}

// Schedules lists the schedules there are.
func Schedules() []ScheduleDef { return scheduleTable }

// wave goes from a to b in half a cosine as t goes from 0 to 1.
func wave(a, b, t float64) float64 {
	return b + float64((a-b)*float64(0.5*(1+mathx.Cos(math.Pi*t))))
}

func oneCycle(c Clock, p [4]float64) float64 {
	peak, rise := p[0], p[1]
	start := peak / p[2]
	t := c.Progress()
	if t < rise {
		return wave(start, peak, t/rise)
	}
	if rise >= 1 {
		return peak
	}
	return wave(peak, start/p[3], (t-rise)/(1-rise))
}
