package table

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"mlpkernel/table/internal/det"
)

// generator makes seeded data row by row. Random numbers are those of PCG
// (math/rand/v2), normal ones by the inverse of the distribution, so the same
// seed gives the same bits everywhere.
type generator struct {
	name, target, description, source string
	features                          []string
	noise                             float64 // default
	classes                           int     // default; 0 for numbers
	fixed                             bool    // the number of classes cannot be chosen
	// row returns the features of row i and its target: a class or a number.
	row func(g *draws, i int) ([]float64, float64)
}

// draws is what a row is made from.
type draws struct {
	r       *rand.Rand
	n       int
	classes int
	noise   float64
	centres [][2]float64 // of blobs
}

func (d *draws) uniform(lo, hi float64) float64 { return lo + float64((hi-lo)*d.r.Float64()) }

// normal draws from the normal distribution of standard deviation d.noise.
func (d *draws) normal() float64 {
	u := (float64(d.r.Uint64()>>12) + 0.5) / (1 << 52)
	return float64(d.noise * det.NormalQuantile(u))
}

func (d *draws) point(x, y float64) []float64 {
	dx := d.normal()
	return []float64{float64(x) + dx, float64(y) + d.normal()} // conversions: x may be a product, which must not be fused
}

func generators() []generator {
	xy := []string{"x1", "x2"}
	return []generator{
		{name: "xor", features: xy, noise: 0, classes: 2, fixed: true, description: "two classes in opposite quarters of a square: no straight line parts them",
			row: func(d *draws, i int) ([]float64, float64) {
				x, y := d.uniform(-1, 1), d.uniform(-1, 1)
				return d.point(x, y), float64(flag((x > 0) != (y > 0)))
			}},
		{name: "moons", features: xy, noise: 0.1, classes: 2, fixed: true, description: "two half circles that reach into each other", source: "after scikit-learn's make_moons",
			row: func(d *draws, i int) ([]float64, float64) {
				a := d.uniform(0, math.Pi)
				if i%2 == 0 {
					return d.point(det.Cos(a), det.Sin(a)), 0
				}
				return d.point(1-det.Cos(a), 0.5-det.Sin(a)), 1
			}},
		{name: "circles", features: xy, noise: 0.05, classes: 2, fixed: true, description: "a circle within a circle", source: "after scikit-learn's make_circles",
			row: func(d *draws, i int) ([]float64, float64) {
				a, r := d.uniform(0, 2*math.Pi), 1-float64(float64(i%2)/2)
				return d.point(r*det.Cos(a), r*det.Sin(a)), float64(i % 2)
			}},
		{name: "spirals", features: xy, noise: 0.03, classes: 2, description: "spirals wound around each other", source: "after Lang, Witbrock: Learning to tell two spirals apart, 1988",
			row: func(d *draws, i int) ([]float64, float64) {
				k := i % d.classes
				t := math.Sqrt(d.r.Float64())
				a := float64(3*math.Pi*t) + 2*math.Pi*float64(k)/float64(d.classes)
				return d.point(t*det.Cos(a), t*det.Sin(a)), float64(k)
			}},
		{name: "blobs", features: xy, noise: 1, classes: 3, description: "clouds of normal points around random centres",
			row: func(d *draws, i int) ([]float64, float64) {
				k := i % d.classes
				return d.point(d.centres[k][0], d.centres[k][1]), float64(k)
			}},
		{name: "checkerboard", features: xy, noise: 0, classes: 2, fixed: true, description: "the fields of a board of 4 × 4",
			row: func(d *draws, i int) ([]float64, float64) {
				x, y := d.uniform(0, 4), d.uniform(0, 4)
				return d.point(x, y), float64((int(x) + int(y)) % 2)
			}},
		{name: "sine", features: []string{"x"}, target: "y", noise: 0.1, description: "y = sin x on two periods",
			row: func(d *draws, i int) ([]float64, float64) {
				x := d.uniform(-2*math.Pi, 2*math.Pi)
				return []float64{x}, det.Sin(x) + d.normal()
			}},
		{name: "friedman1", target: "y", noise: 1, description: "y = 10 sin(π x1 x2) + 20 (x3 - 0.5)² + 10 x4 + 5 x5; x6 to x10 mean nothing",
			source:   "Friedman: Multivariate adaptive regression splines, Annals of Statistics 19, 1991",
			features: []string{"x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10"}, row: friedman1},
	}
}

func friedman1(d *draws, _ int) ([]float64, float64) {
	x := make([]float64, 10)
	for j := range x {
		x[j] = d.r.Float64()
	}
	c := x[2] - 0.5
	y := float64(10*det.Sin(float64(math.Pi*float64(x[0]*x[1])))) + float64(20*float64(c*c))
	y += float64(10 * x[3])
	y += float64(5 * x[4])
	return x, y + d.normal()
}

// make draws the rows.
func (g generator) make(o DatasetOptions) (*Table, error) {
	d := &draws{r: newRand(o.Seed, drawData), n: 500, classes: g.classes, noise: g.noise}
	if o.Part != "" {
		return nil, fmt.Errorf("dataset(%q) has no parts", g.name)
	}
	if o.N != 0 {
		d.n = o.N
	}
	if o.Noise != nil {
		d.noise = *o.Noise
	}
	if o.Classes != 0 {
		d.classes = o.Classes
	}
	switch {
	case d.n < 1 || d.n > 1e8:
		return nil, fmt.Errorf("n=%d: a data set has at least one row, and at most 100 million", d.n)
	case !(d.noise >= 0) || math.IsInf(d.noise, 0):
		return nil, fmt.Errorf("noise=%v: noise is a standard deviation, 0 or more", d.noise)
	case d.classes != g.classes && (g.fixed || g.classes == 0):
		return nil, fmt.Errorf("dataset(%q) has a fixed target and takes no number of classes", g.name)
	case g.classes > 0 && d.classes < 2:
		return nil, fmt.Errorf("classes=%d: at least 2 are needed", d.classes)
	}
	for range d.classes {
		x := d.uniform(-10, 10)
		d.centres = append(d.centres, [2]float64{x, d.uniform(-10, 10)})
	}
	return g.draw(d)
}

func (g generator) draw(d *draws) (*Table, error) {
	vals := make([][]float64, len(g.features))
	for j := range vals {
		vals[j] = make([]float64, d.n)
	}
	y := make([]float64, d.n)
	for i := range d.n {
		x, target := g.row(d, i)
		for j := range x {
			vals[j][i] = x[j]
		}
		y[i] = target
	}
	var cols []*Column
	for j, name := range g.features {
		cols = append(cols, Numbers(name, vals[j]))
	}
	target, err := g.targetColumn(d, y)
	if err != nil {
		return nil, err
	}
	t, err := New(append(cols, target)...)
	if err != nil {
		return nil, err
	}
	t.info = &Info{Name: g.name, Description: g.description, Target: target.name, Licence: "generated", Source: g.source}
	for _, c := range t.cols {
		meaning := "feature"
		if c == target {
			meaning = "target"
		}
		t.info.Columns = append(t.info.Columns, ColumnInfo{c.name, c.typ, meaning})
	}
	return t, nil
}

func (g generator) targetColumn(d *draws, y []float64) (*Column, error) {
	if d.classes == 0 {
		return Numbers(g.target, y), nil
	}
	levels := make([]string, d.classes)
	for k := range levels {
		levels[k] = strconv.Itoa(k)
	}
	codes := make([]int32, d.n)
	for i, k := range y {
		codes[i] = int32(k)
	}
	return Coded("class", codes, levels)
}
