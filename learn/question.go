package learn

import (
	"math"
	"slices"
)

// question is a yes-or-no question: probabilities of yes, the truth, and what
// the model says.
type question struct {
	p         []float64
	yes, says []bool
}

// counts are the rows by what is said and what is true.
func (q question) counts() (truePos, falsePos, falseNeg int) {
	for i, y := range q.yes {
		switch {
		case y && q.says[i]:
			truePos++
		case q.says[i]:
			falsePos++
		case y:
			falseNeg++
		}
	}
	return truePos, falsePos, falseNeg
}

func (q question) precision() float64 {
	t, f, _ := q.counts()
	return part(t, t+f)
}

func (q question) recall() float64 {
	t, _, f := q.counts()
	return part(t, t+f)
}

func (q question) f1() float64 {
	t, f, g := q.counts()
	return part(2*t, 2*t+f+g)
}

// part is a/b, 0 of nothing.
func part(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// support is how many rows are yes.
func (q question) support() int {
	n := 0
	for _, y := range q.yes {
		if y {
			n++
		}
	}
	return n
}

// byProbability are the rows from the highest probability to the lowest.
func (q question) byProbability() []int {
	order := make([]int, len(q.p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case q.p[a] > q.p[b]:
			return -1
		case q.p[a] < q.p[b]:
			return 1
		}
		return 0
	})
	return order
}

// auc is the area under the ROC curve: the share of pairs of a yes and a no in
// which the yes has the higher probability, ties counting half. NaN where all
// rows are yes or all are no, or a probability is NaN.
func (q question) auc() float64 {
	yes := q.support()
	no := len(q.yes) - yes
	if yes == 0 || no == 0 || slices.ContainsFunc(q.p, math.IsNaN) {
		return math.NaN()
	}
	var area, above float64 // above: yes rows with a higher probability
	order := q.byProbability()
	for i := 0; i < len(order); {
		k, tiedYes, tiedNo := i, 0.0, 0.0
		for ; k < len(order) && q.p[order[k]] == q.p[order[i]]; k++ {
			if q.yes[order[k]] {
				tiedYes++
			} else {
				tiedNo++
			}
		}
		area += float64(tiedNo * (above + tiedYes/2))
		above += tiedYes
		i = k
	}
	return area / (float64(yes) * float64(no))
}
