package learn

import (
	"math"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Epoch is one line of a history.
type Epoch struct {
	Epoch   int     // epochs finished, from 1
	Loss    float64 // mean over the rows as they were met, without penalty
	ValLoss float64 // NaN without validation rows
	// Metrics of the training and of the validation rows, in the order of
	// Settings.Metrics; nil in epochs where they were not scored.
	Metrics, ValMetrics []float64
	Rate                float64 // learning rate of the last step
	Seconds             float64 // time it took: the only part that varies
}

// Recording is what was recorded before training and at some epochs: the last,
// every one up to 20 and ever fewer beyond, some 50 of 1,000 and 65 of 10,000;
// fewer where recording takes long beside the steps of an epoch, see budget.
type Recording struct {
	Epoch  int // epochs finished; 0 is before training
	Blocks []BlockRecord
	Layers []LayerRecord // with "activations"
}

// BlockRecord is about one block of parameters, see nn.Block.
type BlockRecord struct {
	Name, Layer string
	// Norms over the block: of the parameters, of the gradient at the last step,
	// of the change that step made. The last two are 0 before training.
	Param, Grad, Update float64
	Values              nn.Histogram // of the parameters
	Grads               nn.Histogram // of the gradient; empty before training
}

// LayerRecord is about the activations of a layer on some training rows.
type LayerRecord struct {
	Layer     string
	Mean, Std float64
	Dead      float64 // share of units that are (nearly) constant over the rows
	Saturated float64 // share of values where the slope is less than 5 % of its greatest
	Values    nn.Histogram
}

// bins of recorded histograms.
const bins = 64

// historyTable makes columns of a history.
func historyTable(h []Epoch, metrics []string, seconds bool) (*table.Table, error) {
	column := func(name string, f func(Epoch) float64) *table.Column {
		v := make([]float64, len(h))
		for i, e := range h {
			v[i] = f(e)
		}
		return table.Numbers(name, v)
	}
	cols := []*table.Column{
		column("epoch", func(e Epoch) float64 { return float64(e.Epoch) }),
		column("loss", func(e Epoch) float64 { return e.Loss }),
	}
	if len(h) > 0 && !math.IsNaN(h[len(h)-1].ValLoss) {
		cols = append(cols, column("val_loss", func(e Epoch) float64 { return e.ValLoss }))
	}
	for i, name := range metrics {
		cols = append(cols, column(name, func(e Epoch) float64 { return at(e.Metrics, i) }))
		if len(h) > 0 && h[len(h)-1].ValMetrics != nil {
			cols = append(cols, column("val_"+name, func(e Epoch) float64 { return at(e.ValMetrics, i) }))
		}
	}
	cols = append(cols, column("lr", func(e Epoch) float64 { return e.Rate }))
	if seconds {
		cols = append(cols, column("seconds", func(e Epoch) float64 { return e.Seconds }))
	}
	return table.New(cols...)
}

func at(v []float64, i int) float64 {
	if i >= len(v) {
		return math.NaN()
	}
	return v[i]
}
