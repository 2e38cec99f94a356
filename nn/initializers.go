package nn

import (
	"math"
	"runtime"
	"sync"

	"mlpkernel/nn/philox"
)

// InitializerDef is an entry of [Initializers].
type InitializerDef struct {
	Def
	fill func(w []float64, s shape, p float64, r philox.Stream)
}

// shape is what an initialiser may look at.
type shape struct{ Units, Inputs int }

// initializerTable is built once and only read.
var initializerTable = []InitializerDef{
	{Def{Name: "zeros", Doc: "All 0. Units of a hidden layer that begin alike stay alike.", Formula: `w = 0`}, drawConstant},
	{Def{Name: "constant", Doc: "All the same.", Formula: `w = \mathrm{value}`, Params: []Param{{Name: "value", Doc: "the value", Required: true}}}, drawConstant},
	{Def{Name: "normal", Doc: "Normal with mean 0.", Formula: `\mathcal{N}\left(0, \mathrm{std}^2\right)`, Params: []Param{{Name: "std", Doc: "standard deviation", Default: 0.05, Max: 1e9}}}, drawNormal(nil)},
	{Def{Name: "uniform", Doc: "Uniform from -limit to limit.", Formula: `\mathcal{U}\left(\pm\mathrm{limit}\right)`, Params: []Param{{Name: "limit", Doc: "the bound", Default: 0.05, Max: 1e9}}}, drawUniform(nil)},
	{Def{Name: "glorot_normal", Doc: "Normal; keeps the variance forward and backward of units that are linear near 0 (Glorot and Bengio 2010).",
		Formula: `\mathcal{N}\left(0, \tfrac{2}{n_{in} + n_{out}}\right)`}, drawNormal(glorot)},
	{Def{Name: "glorot_uniform", Doc: "The same variance, uniform.",
		Formula: `\mathcal{U}\left(\pm\sqrt{\tfrac{6}{n_{in} + n_{out}}}\right)`}, drawUniform(glorot)},
	{Def{Name: "he_normal", Doc: "Normal; keeps the variance of relu units, half of which are off (He et al. 2015).",
		Formula: `\mathcal{N}\left(0, \tfrac{2}{n_{in}}\right)`}, drawNormal(he)},
	{Def{Name: "he_uniform", Doc: "The same variance, uniform.", Formula: `\mathcal{U}\left(\pm\sqrt{\tfrac{6}{n_{in}}}\right)`}, drawUniform(he)},
	{Def{Name: "lecun_normal", Doc: "Normal; keeps the variance of linear units, as selu wants (LeCun et al. 1998).",
		Formula: `\mathcal{N}\left(0, \tfrac{1}{n_{in}}\right)`}, drawNormal(lecun)},
	{Def{Name: "lecun_uniform", Doc: "The same variance, uniform.", Formula: `\mathcal{U}\left(\pm\sqrt{\tfrac{3}{n_{in}}}\right)`}, drawUniform(lecun)},
	{Def{Name: "orthogonal", Doc: "Rows (or columns, if there are more rows) of length 1 at right angles (Saxe et al. 2014).", Formula: `W W^T = I \text{ or } W^T W = I`}, drawOrthogonal},
}

// Initializers lists the initialisers there are.
func Initializers() []InitializerDef { return initializerTable }

// sample draws a matrix w and rounds it to float32 numbers.
func (n Initializer) sample(w []float64, s shape, seed uint64, key int) {
	n.def().fill(w, s, n.Param, philox.New(seed, philox.Weights, key, 0))
	for i, v := range w {
		w[i] = float64(float32(v))
	}
}

// The variances of the families.
func glorot(s shape) float64 { return 2 / float64(s.Inputs+s.Units) }
func he(s shape) float64     { return 2 / float64(s.Inputs) }
func lecun(s shape) float64  { return 1 / float64(s.Inputs) }

func drawConstant(w []float64, _ shape, p float64, _ philox.Stream) {
	for i := range w {
		w[i] = p
	}
}

// drawNormal draws with the variance of a family, or standard deviation p.
func drawNormal(variance func(shape) float64) func([]float64, shape, float64, philox.Stream) {
	return func(w []float64, s shape, p float64, r philox.Stream) {
		std := p
		if variance != nil {
			std = math.Sqrt(variance(s))
		}
		eachShare(w, func(w []float64, first int) {
			r.Normals(w, first/4)
			for i := range w {
				w[i] *= std
			}
		})
	}
}

// drawUniform draws with the variance of a family, or limit p.
func drawUniform(variance func(shape) float64) func([]float64, shape, float64, philox.Stream) {
	return func(w []float64, s shape, p float64, r philox.Stream) {
		limit := p
		if variance != nil {
			limit = math.Sqrt(3 * variance(s))
		}
		eachShare(w, func(w []float64, first int) {
			r.Uniforms(w, first/4)
			for i, u := range w {
				w[i] = limit * (float64(2*u) - 1)
			}
		})
	}
}

// eachShare calls f for shares of a long w, one a core, with the place where each
// begins, a multiple of four.
func eachShare(w []float64, f func(w []float64, first int)) {
	const least = 1 << 13
	threads := min(runtime.GOMAXPROCS(0), len(w)/least)
	if threads < 2 {
		f(w, 0)
		return
	}
	share := (len(w)/threads + 4) &^ 3
	var wg sync.WaitGroup
	for first := 0; first < len(w); first += share {
		wg.Go(func() { f(w[first:min(first+share, len(w))], first) })
	}
	wg.Wait()
}

// drawOrthogonal draws normal vectors and makes them orthonormal one after the
// other (Gram and Schmidt, done twice for accuracy), the shorter side's.
func drawOrthogonal(w []float64, s shape, _ float64, r philox.Stream) {
	count, length := s.Units, s.Inputs
	step, next := 1, s.Inputs // vector i is w[i*next + k*step]
	if count > length {
		count, length = length, count
		step, next = s.Inputs, 1
	}
	v := make([][]float64, count)
	for i := range v {
		v[i] = make([]float64, length)
		for k := range v[i] {
			v[i][k] = r.Normal(i*length + k)
		}
		for range 2 {
			for _, u := range v[:i] {
				c := dot(u, v[i])
				for k := range u {
					v[i][k] -= float64(c * u[k])
				}
			}
		}
		size := math.Sqrt(dot(v[i], v[i]))
		for k := range v[i] {
			v[i][k] /= size
			w[i*next+k*step] = v[i][k]
		}
	}
}

func dot(a, b []float64) float64 {
	var s float64
	for i, x := range a {
		s += float64(x * b[i])
	}
	return s
}
