package learn

import (
	"fmt"
	"slices"
	"time"

	"mlpkernel/nn"
	"mlpkernel/nn/reference"
	"mlpkernel/table"
)

// Why a training ended.
const (
	Done        = "done"        // all epochs are through
	Early       = "early"       // early stopping
	Interrupted = "interrupted" // the context was cancelled
	Diverged    = "diverged"    // a loss was no finite number
	Callback    = "callback"    // OnEpoch said so
)

// Model is a trained network with all that is needed to use it on a table. It
// is immutable, and its methods may be called from several goroutines.
type Model struct {
	net      nn.Network
	plan     *nn.Plan
	state    nn.State // of the best epoch, with early stopping
	end      nn.State // where the training ended, if that is not state: going on begins there
	coder    coder
	settings Settings
	history  History
	record   []Recording
	notes    []string
	stopped  string
	best     int // epochs finished at the best; 0 if unknown
	print    Fingerprint
	stage    stage   // how it was trained
	before   []stage // and what it went on from, with other options or rows
	horizon  int     // epochs that schedules were laid over
	rows     RowCounts
	volatile Volatile

	backend    nn.Backend
	validation *table.Table // of Options, so that FitOn can inherit it; not saved
}

// RowCounts are how many rows a model has seen.
type RowCounts struct {
	Train, Validation, Dropped int
}

// Volatile is what varies between equal trainings.
type Volatile struct {
	Wall   time.Duration
	Device string // name of the backend
}

// Network is what was given to Fit.
func (m *Model) Network() nn.Network { return m.net }

// Plan is the network with real sizes. It is read-only.
func (m *Model) Plan() *nn.Plan { return m.plan }

// State is a copy of the parameters and of the optimiser's memory.
func (m *Model) State() nn.State { return m.state.Clone() }

// Params is the flat vector of parameters, in the layout of Plan. It is
// read-only.
func (m *Model) Params() []float64 { return m.state.Params }

// Settings are the options with all defaults filled in.
func (m *Model) Settings() Settings { return m.settings }

// Target is the learnt encoding of what is predicted; read-only.
func (m *Model) Target() *table.Target { return m.coder.target }

// Prep is the preparation learnt from the training rows.
func (m *Model) Prep() *table.Fitted { return m.coder.prep }

// Features are the names of the columns that the network sees after
// preparation, numeric ones; see also Settings.Features.
func (m *Model) Features() []string { return m.coder.prep.Features() }

// Classes are sorted, the positive one last; nil for numbers.
func (m *Model) Classes() []string { return m.coder.target.Classes }

// Notes say in sentences what was chosen and found.
func (m *Model) Notes() []string { return slices.Clone(m.notes) }

// Stopped is why the training ended: Done, Early, Interrupted, Diverged or Callback.
func (m *Model) Stopped() string { return m.stopped }

// BestEpoch is the epoch (from 1) of the least validation loss, without
// validation rows of the least loss; 0 before training.
func (m *Model) BestEpoch() int { return m.best }

// Epochs are the lines of the history.
func (m *Model) Epochs() History { return m.history }

// Recordings are what was recorded. The slice is read-only.
func (m *Model) Recordings() []Recording { return m.record }

// Rows counts the rows that the model has seen.
func (m *Model) Rows() RowCounts { return m.rows }

// Volatile is what varies between equal trainings.
func (m *Model) Volatile() Volatile { return m.volatile }

// History is the columns epoch, loss, val_loss, the metrics (those of the
// validation rows with val_ before their names), lr and seconds. Only seconds
// varies. Losses are what was minimised, so for numbers in standardised units;
// metrics are in the target's own.
func (m *Model) History() (*table.Table, error) {
	return m.history.table(m.settings.Metrics, true)
}

// With gives the model on other backends (see Options.Backends): predictions
// run on the first that can.
func (m *Model) With(backends []nn.Backend, device string) (*Model, error) {
	list, err := choose(backends, device, nil)
	if err != nil {
		return nil, err
	}
	out := *m
	out.backend = list[0]
	return &out, nil
}

// LayerWeights are a layer's parameters.
type LayerWeights struct {
	Layer         string
	Units, Inputs int
	W             []float64 // Units × Inputs, row-major
	B             []float64 // Units; nil if it has none
	Other         []nn.Block
}

// Weights gives the parameters of a layer by name; an unknown name is an error
// that lists them. A layer without W, such as a norm, has its blocks in Other.
func (m *Model) Weights(layer string) (LayerWeights, error) {
	out := LayerWeights{Layer: layer}
	found := false
	for _, b := range m.plan.Blocks {
		if b.Layer != layer {
			continue
		}
		found = true
		values := slices.Clone(b.Of(m.state.Params))
		switch {
		case b.Role == nn.Weights && out.W == nil:
			out.W, out.Units, out.Inputs = values, b.Rows, b.Cols
		case b.Role == nn.Bias:
			out.B = values
		default:
			b.Given = values
			out.Other = append(out.Other, b)
		}
	}
	if !found {
		return out, fmt.Errorf("no layer with weights is called %q; there are %s", layer, nameList(m.layerNames()))
	}
	return out, nil
}

// layerNames are the layers with parameters.
func (m *Model) layerNames() []string {
	var names []string
	for _, b := range m.plan.Blocks {
		if !slices.Contains(names, b.Layer) {
			names = append(names, b.Layer)
		}
	}
	return names
}

// replica is the model's state with one empty row, as a program wants it.
func (m *Model) replica() nn.Replica {
	s := m.state
	s.Slots = nn.Slots{}
	return nn.Replica{State: s, Data: m.emptyRow()}
}

func (m *Model) emptyRow() *nn.Data {
	return &nn.Data{
		Rows: 1, X: make([]float32, m.plan.Input.Numeric),
		C: make([]int32, len(m.plan.Input.Categories)), Y: make([]float32, m.plan.Head.TargetWidth),
	}
}

// program compiles the model for predictions on its backend. The caller closes it.
func (m *Model) program() (nn.Program, error) {
	return compile([]nn.Backend{m.backend, reference.New()}, m.plan, nn.Options{Optimizer: nn.SGD(0)}, []nn.Replica{m.replica()})
}

// referenceRun is the model on the reference backend, in float64.
func (m *Model) referenceRun() (*reference.Run, error) {
	p, err := reference.New().Compile(m.plan, nn.Options{Optimizer: nn.SGD(0)})
	if err != nil {
		return nil, err
	}
	run := p.(*reference.Run)
	return run, run.Load([]nn.Replica{m.replica()})
}
