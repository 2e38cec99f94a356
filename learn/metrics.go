package learn

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"mlpkernel/nn/mathx"
	"mlpkernel/table"
)

// Metric is an entry of [Metrics].
type Metric struct {
	Name          string
	Doc           string
	LowerIsBetter bool
	Kinds         []table.TargetKind // targets that it is for
	F             func(*Answers) float64
}

// Answers are predictions beside the truth.
type Answers struct {
	Kind    table.TargetKind
	Rows    int
	Width   int       // columns of P and Y; for two classes 1
	P       []float64 // Rows × Width: probabilities (for two classes of the positive one), or numbers in their own units
	Y       []float64 // Rows × Width: 0 and 1, or numbers; nil for classes
	Class   []int32   // true classes, for two classes and more
	Says    []int32   // the predicted ones
	Classes []string
}

var (
	forClasses = []table.TargetKind{table.TargetBinary, table.TargetClasses}
	forYesNo   = []table.TargetKind{table.TargetBinary, table.TargetClasses, table.TargetLabels}
	forNumbers = []table.TargetKind{table.TargetNumbers}
)

// metricTable is built once and only read.
var metricTable = []Metric{
	{Name: "accuracy", Doc: "Share of right answers; for several yes-or-no targets, of all of them.", Kinds: forYesNo, F: (*Answers).accuracy},
	{Name: "balanced_accuracy", Doc: "Mean over the classes of the share of its rows that are found.", Kinds: forClasses, F: (*Answers).balanced},
	{Name: "auc", Doc: "Chance that a row of a class gets a higher probability for it than another row; mean over the classes or targets.", Kinds: forYesNo, F: (*Answers).auc},
	{Name: "log_loss", Doc: "Minus the mean logarithm of the probability given to what is true.", LowerIsBetter: true, Kinds: forYesNo, F: (*Answers).logLoss},
	{Name: "brier", Doc: "Mean squared error of the probabilities, summed over classes for more than two.", LowerIsBetter: true, Kinds: forYesNo, F: (*Answers).brier},
	{Name: "f1", Doc: "Harmonic mean of precision and recall of the positive class; mean over the classes for more than two.", Kinds: forYesNo, F: (*Answers).f1},
	{Name: "precision", Doc: "Share of what is called positive that is; mean over the classes for more than two.", Kinds: forYesNo, F: (*Answers).precision},
	{Name: "recall", Doc: "Share of what is positive that is found; mean over the classes for more than two.", Kinds: forYesNo, F: (*Answers).recall},
	{Name: "mse", Doc: "Mean squared error; mean over the targets.", LowerIsBetter: true, Kinds: forNumbers, F: (*Answers).mse},
	{Name: "rmse", Doc: "Root of the mean squared error, in the target's units; mean over the targets.", LowerIsBetter: true, Kinds: forNumbers, F: (*Answers).rmse},
	{Name: "mae", Doc: "Mean absolute error, in the target's units.", LowerIsBetter: true, Kinds: forNumbers, F: (*Answers).mae},
	{Name: "median_error", Doc: "Median absolute error, in the target's units.", LowerIsBetter: true, Kinds: forNumbers, F: (*Answers).medianError},
	{Name: "r2", Doc: "Share of the variance explained: 1 is perfect, 0 is as good as the mean; mean over the targets.", Kinds: forNumbers, F: (*Answers).r2},
}

// Metrics lists the metrics there are.
func Metrics() []Metric { return metricTable }

func findMetric(name string) (Metric, error) {
	for _, d := range metricTable {
		if d.Name == name {
			return d, nil
		}
	}
	names := make([]string, len(metricTable))
	for i, d := range metricTable {
		names[i] = d.Name
	}
	return Metric{}, fmt.Errorf("no metric is called %q; there are %s", name, strings.Join(names, ", "))
}

// metricNames are the metrics for a kind of target.
func metricNames(k table.TargetKind) []string {
	var names []string
	for _, d := range metricTable {
		if slices.Contains(d.Kinds, k) {
			names = append(names, d.Name)
		}
	}
	return names
}

// defaultMetric is the one that is watched unless others are named.
func defaultMetric(k table.TargetKind) string {
	if k == table.TargetNumbers {
		return "rmse"
	}
	return "accuracy"
}

func (a *Answers) accuracy() float64 {
	right := 0
	if a.Kind == table.TargetLabels {
		for i, p := range a.P {
			if (p >= 0.5) == (a.Y[i] == 1) {
				right++
			}
		}
		return float64(right) / float64(len(a.P))
	}
	for i, k := range a.Class {
		if a.Says[i] == k {
			right++
		}
	}
	return float64(right) / float64(a.Rows)
}

func (a *Answers) balanced() float64 {
	c := a.confusion()
	var sum float64
	n := 0
	for k, row := range c {
		all := total(row)
		if all > 0 {
			sum += float64(row[k]) / float64(all)
			n++
		}
	}
	return sum / float64(n)
}

func total(v []int) int {
	n := 0
	for _, x := range v {
		n += x
	}
	return n
}

// confusion counts rows by true (first) and predicted class.
func (a *Answers) confusion() [][]int {
	c := make([][]int, len(a.Classes))
	for i := range c {
		c[i] = make([]int, len(a.Classes))
	}
	for i, k := range a.Class {
		c[k][a.Says[i]]++
	}
	return c
}

// questions are the yes-or-no questions that the answers consist of: for two
// classes one, else one for each class or label.
func (a *Answers) questions() []question {
	n := a.Width
	out := make([]question, n)
	for q := range n {
		out[q] = question{p: make([]float64, a.Rows), yes: make([]bool, a.Rows), says: make([]bool, a.Rows)}
		for i := range a.Rows {
			out[q].p[i] = a.P[i*n+q]
			switch a.Kind {
			case table.TargetBinary:
				out[q].yes[i], out[q].says[i] = a.Class[i] == 1, a.Says[i] == 1
			case table.TargetClasses:
				out[q].yes[i], out[q].says[i] = a.Class[i] == int32(q), a.Says[i] == int32(q)
			default:
				out[q].yes[i], out[q].says[i] = a.Y[i*n+q] == 1, a.P[i*n+q] >= 0.5
			}
		}
	}
	return out
}

// mean is the mean over the questions of a score that may be undefined (NaN). A
// class of several that no row has and none is said to have does not count.
func (a *Answers) mean(score func(question) float64) float64 {
	var sum float64
	n := 0
	for _, q := range a.questions() {
		if a.Kind == table.TargetClasses && !slices.Contains(q.yes, true) && !slices.Contains(q.says, true) {
			continue
		}
		if v := score(q); v == v {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

func (a *Answers) auc() float64       { return a.mean(question.auc) }
func (a *Answers) f1() float64        { return a.mean(question.f1) }
func (a *Answers) precision() float64 { return a.mean(question.precision) }
func (a *Answers) recall() float64    { return a.mean(question.recall) }

// leastProbability keeps a certain but wrong answer from an infinite loss; it
// is the resolution of float32.
const leastProbability = 1.1920929e-07

// probable is a probability as it is, and NaN for a number that is none.
func probable(p float64) float64 {
	if p >= 0 && p <= 1 {
		return p
	}
	return math.NaN()
}

func (a *Answers) logLoss() float64 {
	var sum float64
	surprise := func(p float64) { sum -= mathx.Log(min(max(probable(p), leastProbability), 1)) }
	if a.Kind == table.TargetClasses {
		for i, k := range a.Class {
			surprise(a.P[i*a.Width+int(k)])
		}
		return sum / float64(a.Rows)
	}
	for _, q := range a.questions() {
		for i, p := range q.p {
			if q.yes[i] {
				surprise(p)
			} else {
				surprise(1 - p)
			}
		}
	}
	return sum / float64(a.Rows*a.Width)
}

func (a *Answers) brier() float64 {
	var sum float64
	for _, q := range a.questions() {
		for i, p := range q.p {
			e := probable(p)
			if q.yes[i] {
				e = 1 - e
			}
			sum += float64(e * e)
		}
	}
	if a.Kind == table.TargetLabels {
		return sum / float64(a.Rows*a.Width)
	}
	return sum / float64(a.Rows)
}

// columns is the mean over the columns of a score of errors and truths.
func (a *Answers) columns(score func(e, y []float64) float64) float64 {
	var sum float64
	e, y := make([]float64, a.Rows), make([]float64, a.Rows)
	for c := range a.Width {
		for i := range a.Rows {
			y[i] = a.Y[i*a.Width+c]
			e[i] = a.P[i*a.Width+c] - y[i]
		}
		sum += score(e, y)
	}
	return sum / float64(a.Width)
}

func meanSquare(e []float64) float64 { n := norm(e); return float64(n*n) / float64(len(e)) }

func (a *Answers) mse() float64 {
	return a.columns(func(e, _ []float64) float64 { return meanSquare(e) })
}

func (a *Answers) rmse() float64 {
	return a.columns(func(e, _ []float64) float64 { return norm(e) / math.Sqrt(float64(len(e))) })
}

func (a *Answers) mae() float64 {
	return a.columns(func(e, _ []float64) float64 {
		var sum float64
		for _, v := range e {
			sum += math.Abs(v)
		}
		return sum / float64(len(e))
	})
}

func (a *Answers) medianError() float64 {
	return a.columns(func(e, _ []float64) float64 {
		v := make([]float64, len(e))
		for i, x := range e {
			v[i] = math.Abs(x)
		}
		slices.Sort(v)
		if v[0] != v[0] { // NaN comes first
			return v[0]
		}
		return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
	})
}

func (a *Answers) r2() float64 {
	return a.columns(func(e, y []float64) float64 {
		_, std := meanStd(y)
		if std == 0 {
			return math.NaN()
		}
		return 1 - meanSquare(e)/float64(std*std)
	})
}
