package learn

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"mlpkernel/table"
)

// Epoch is one line of a history.
type Epoch struct {
	Epoch   int     // epochs finished, from 1
	Loss    float64 // mean over the rows as they were met, without penalty
	ValLoss float64 // NaN without validation rows
	// Metrics of the training and of the validation rows, in the order of
	// Settings.Metrics; nil in epochs where they were not scored. That is so of
	// more epochs for training rows, unless metrics were asked for.
	Metrics, ValMetrics []float64
	Rate                float64 // learning rate of the last step
	Seconds             float64 // time it took: the only part that varies
}

// History is the epochs of a training from the first one on. It is kept in
// columns, 8 bytes an epoch and more only where there is more to tell: an epoch of
// a tiny network takes less than a microsecond, and there may be millions.
type History struct {
	loss          []float64
	valLoss       []float64 // nil: all are NaN
	rate, seconds []stretch
	scored        []marks // by epoch
}

// stretch is a number from an epoch on, up to the next stretch.
type stretch struct {
	epoch int
	value float64
}

// marks are an epoch's metrics.
type marks struct {
	epoch               int
	metrics, valMetrics []float64
}

// Len is how many epochs there are.
func (h History) Len() int { return len(h.loss) }

// At is line i from 0 on, epoch i+1.
func (h History) At(i int) Epoch {
	e := Epoch{Epoch: i + 1, Loss: h.loss[i], ValLoss: math.NaN(), Rate: valueAt(h.rate, i+1), Seconds: valueAt(h.seconds, i+1)}
	if h.valLoss != nil {
		e.ValLoss = h.valLoss[i]
	}
	if k, ok := h.scoredAt(i + 1); ok {
		e.Metrics, e.ValMetrics = h.scored[k].metrics, h.scored[k].valMetrics
	}
	return e
}

// All ranges over the lines.
func (h History) All() iter.Seq[Epoch] {
	return func(yield func(Epoch) bool) {
		for i := range h.loss {
			if !yield(h.At(i)) {
				return
			}
		}
	}
}

func valueAt(runs []stretch, epoch int) float64 {
	k, ok := slices.BinarySearchFunc(runs, epoch, func(r stretch, epoch int) int { return cmp.Compare(r.epoch, epoch) })
	if ok {
		k++
	}
	return runs[k-1].value
}

func (h History) scoredAt(epoch int) (int, bool) {
	return slices.BinarySearchFunc(h.scored, epoch, func(s marks, epoch int) int { return cmp.Compare(s.epoch, epoch) })
}

// grow makes room for n more epochs.
func (h *History) grow(n int) { h.loss = slices.Grow(h.loss, n) }

// add appends an epoch, whose number goes without saying. What others see of the
// history stays as it is.
func (h *History) add(e Epoch) {
	h.loss = append(h.loss, e.Loss)
	n := len(h.loss)
	h.rate, h.seconds = extend(h.rate, n, e.Rate), extend(h.seconds, n, e.Seconds)
	h.watched(e.ValLoss)
	if e.Metrics != nil || e.ValMetrics != nil {
		h.score(n, e.Metrics, e.ValMetrics)
	}
}

func extend(runs []stretch, epoch int, v float64) []stretch {
	if n := len(runs); n > 0 && math.Float64bits(runs[n-1].value) == math.Float64bits(v) {
		return runs
	}
	return append(runs, stretch{epoch, v})
}

// watched enters the validation loss of the last epoch, NaN for none.
func (h *History) watched(loss float64) {
	n := len(h.loss)
	if h.valLoss == nil {
		if math.IsNaN(loss) {
			return
		}
		h.valLoss = slices.Grow(slices.Repeat([]float64{math.NaN()}, n-1), cap(h.loss)-n+1)
	}
	h.valLoss = append(h.valLoss[:n-1], loss)
}

// score enters the metrics of an epoch.
func (h *History) score(epoch int, train, valid []float64) {
	s := marks{epoch, train, valid}
	k, ok := h.scoredAt(epoch)
	if k == len(h.scored) {
		h.scored = append(h.scored, s)
		return
	}
	h.scored = slices.Clone(h.scored)
	if ok {
		h.scored[k] = s
	} else {
		h.scored = slices.Insert(h.scored, k, s)
	}
}

// head is the first n epochs, or all if there are fewer, as change leaves them.
func (h History) head(n int, change func(*Epoch)) (out History) {
	for e := range h.All() {
		if e.Epoch > n {
			break
		}
		change(&e)
		out.add(e)
	}
	return out
}

// view is the history as it is now, for others to read.
func (h History) view() History {
	return History{slices.Clip(h.loss), slices.Clip(h.valLoss), slices.Clip(h.rate), slices.Clip(h.seconds), slices.Clip(h.scored)}
}

// table makes columns of the history.
func (h History) table(metrics []string, seconds bool) (*table.Table, error) {
	var cols []*table.Column
	column := func(name string, f func(Epoch) float64) {
		v := make([]float64, 0, h.Len())
		for e := range h.All() {
			v = append(v, f(e))
		}
		cols = append(cols, table.Numbers(name, v))
	}
	column("epoch", func(e Epoch) float64 { return float64(e.Epoch) })
	column("loss", func(e Epoch) float64 { return e.Loss })
	if h.valLoss != nil {
		column("val_loss", func(e Epoch) float64 { return e.ValLoss })
	}
	for i, name := range metrics {
		column(name, func(e Epoch) float64 { return at(e.Metrics, i) })
		if slices.ContainsFunc(h.scored, func(s marks) bool { return s.valMetrics != nil }) {
			column("val_"+name, func(e Epoch) float64 { return at(e.ValMetrics, i) })
		}
	}
	column("lr", func(e Epoch) float64 { return e.Rate })
	if seconds {
		column("seconds", func(e Epoch) float64 { return e.Seconds })
	}
	return table.New(cols...)
}

func at(v []float64, i int) float64 {
	if i >= len(v) {
		return math.NaN()
	}
	return v[i]
}
