package learn

import (
	"time"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Options say what to train and how. Only Net, Data and Target are needed: the
// zero value of each other field means its default for [Fit], and what the
// model was trained with for [FitOn]. Fields whose zero means something are
// pointers: Epochs: new(20).
type Options struct {
	Net  nn.Network // not for FitOn
	Data *table.Table
	// Target names the columns to predict; several numbers, or several booleans.
	Target []string
	// Features names the columns to learn from. Default: all but Target,
	// SampleWeight and Exclude. They may overlap the target (autoencoder).
	Features []string
	Exclude  []string
	Positive string // the class that counts as positive; default the last one

	// Epochs is how many times all rows are gone through (for FitOn: more
	// times). Default: 50, or as many as make 1,000 steps. 0 gives the initial
	// model.
	Epochs *int
	// Horizon is how many epochs schedules are laid over. Default: all that are
	// trained. 10 epochs of a horizon of 20 and 10 more are the same as 20.
	Horizon   *int
	BatchSize *int         // default 32; 0: all rows
	Optimizer nn.Optimizer // default adam()
	Loss      nn.Loss      // default by the target
	// Metrics are scored on training rows (a fiftieth, but from 500 to 5,000 of
	// them, evenly spaced; fewer for large networks) and on validation rows, after every epoch. Default:
	// accuracy or rmse, after the last epoch and as many of the others as cost
	// little. See [Metrics].
	Metrics    []string
	Validation Validation
	L1, L2     *float64 // penalty of layers that state none
	// EarlyStopping ends the training when the validation loss has not become
	// less for so many epochs, and gives the best epoch's weights. 0: off.
	EarlyStopping *int
	ClassWeight   ClassWeight
	SampleWeight  string // a column of weights of rows
	// NoClassWeight and NoSampleWeight say that there are none, where FitOn would
	// take over the model's.
	NoClassWeight, NoSampleWeight bool

	Prep     table.Prep // default table.Auto{}
	NoPrep   bool       // only what a network cannot do without
	ClipNorm *float64   // longest gradient; 0: any
	Shuffle  *bool      // default true
	Seed     *uint64    // default 0
	// Record lists what is recorded: "weights", "gradients", "activations".
	// Default weights and gradients; "none" for nothing: then metrics that were
	// not asked for are scored after the last epoch alone.
	Record []string

	// Backends in order of preference, and which of them to use: "cpu", "gpu",
	// "reference"; "" or "auto" for the first that can. The reference backend
	// is always there.
	Backends []nn.Backend
	Device   string
	// Precision of products on a GPU: "float32", "tf32", "bfloat16"; "" or "auto"
	// for that which fits the size. All else computes in float32 at least.
	Precision string
	Threads   int // 0: all cores. No result depends on it.

	// Shelf keeps the rows made ready for trainings to come; nil: they are made
	// for this one.
	Shelf *Shelf
	// Warn is told before a training what is likely a mistake in its rows.
	Warn func([]table.Warning)

	// classesOf has the rows whose classes there are, where Data may lack some.
	classesOf *table.Table

	// OnEpoch is called after each epoch, with the names of its metrics, which
	// then are scored every time; it may stop the training.
	OnEpoch func(e Epoch, metrics []string) (stop bool, err error)
	// Progress is called at most about 20 times a second, and at the end.
	Progress func(Progress)
}

// Validation says which rows to watch: a share of the training rows, taken
// away from them (by class, where the target has classes), or a table. The zero
// value is none, and those of the model where a training goes on.
type Validation struct {
	Share float64
	Table *table.Table
	None  bool // none, those of a model to go on from neither
}

func (v Validation) given() bool { return v.Share != 0 || v.Table != nil }

// said tells whether a training that goes on has its own.
func (v Validation) said() bool { return v.given() || v.None }

// ClassWeight says how much classes count.
type ClassWeight struct {
	Balanced bool // rows / (classes that they have × rows of the class)
	By       map[string]float64
}

func (c ClassWeight) given() bool { return c.Balanced || len(c.By) > 0 }

// Progress tells how far a training is.
type Progress struct {
	Epoch, Epochs int // finished, planned
	Step, Steps   int
	Loss          float64 // of the rows gone through last
	History       History // all epochs so far
	Elapsed       time.Duration
	Device        string
	Done          bool
	Planned       int // models to be trained: 1, or more in an experiment
	Trained       int // models done
	// Histories are the epochs so far of each model to be trained, in the order of
	// the trials: empty before a training begins.
	Histories []History
}

// Settings are options with every default filled in, as a model keeps them.
type Settings struct {
	Target          []string     `json:"target"`
	Features        []string     `json:"features"`
	Positive        string       `json:"positive,omitempty"`
	Epochs          int          `json:"epochs"`            // all together
	Horizon         int          `json:"horizon,omitempty"` // 0: Epochs
	BatchSize       int          `json:"batch_size"`        // 0: all rows
	Optimizer       nn.Optimizer `json:"optimizer"`
	Loss            nn.Loss      `json:"loss"`
	LossGiven       bool         `json:"loss_given,omitempty"`
	Metrics         []string     `json:"metrics"`
	MetricsGiven    bool         `json:"metrics_given,omitempty"` // and so scored after every epoch
	ValidationShare float64      `json:"validation_share,omitempty"`
	ValidationTable bool         `json:"validation_table,omitempty"`
	ValidationSeed  *uint64      `json:"validation_seed,omitempty"` // of the share's draw, where another training made it; nil: Seed
	L1              float64      `json:"l1,omitempty"`
	L2              float64      `json:"l2,omitempty"`
	EarlyStopping   int          `json:"early_stopping,omitempty"`
	ClassWeight     ClassWeight  `json:"class_weight"`
	SampleWeight    string       `json:"sample_weight,omitempty"`
	Prep            string       `json:"prep"` // as the language spells it
	ClipNorm        float64      `json:"clip_norm,omitempty"`
	Shuffle         bool         `json:"shuffle"`
	Seed            uint64       `json:"seed"`
	Record          []string     `json:"record"`
	Device          string       `json:"device"`              // as asked for
	Precision       string       `json:"precision,omitempty"` // as asked for; "" if left to the backend
}

// usualRecord is what is recorded where nothing is said.
var usualRecord = []string{"weights", "gradients"}

func or[T any](p *T, other T) T {
	if p != nil {
		return *p
	}
	return other
}

// resolve fills defaults into what the options leave out; base are a model's
// settings when going on, else nil. Features and Epochs are resolved later.
func (o Options) resolve(base *Settings) Settings {
	b := Settings{
		BatchSize: 32, Shuffle: true, Prep: table.Auto{}.Source(),
		Optimizer: nn.Adam(1e-3), Record: usualRecord, Device: "auto",
	}
	if base != nil {
		b = *base
	}
	s := b
	s.BatchSize, s.L1, s.L2 = or(o.BatchSize, b.BatchSize), or(o.L1, b.L1), or(o.L2, b.L2)
	s.ClipNorm, s.Shuffle, s.Seed = or(o.ClipNorm, b.ClipNorm), or(o.Shuffle, b.Shuffle), or(o.Seed, b.Seed)
	s.EarlyStopping, s.Horizon = or(o.EarlyStopping, b.EarlyStopping), or(o.Horizon, b.Horizon)
	if o.Optimizer.Name != "" {
		s.Optimizer = o.Optimizer
	}
	if o.Loss.Given() {
		s.Loss, s.LossGiven = o.Loss, true
	}
	if o.Metrics != nil {
		s.Metrics, s.MetricsGiven = o.Metrics, len(o.Metrics) > 0
	}
	if o.Validation.said() && (base == nil || o.Validation != Validation{Share: b.ValidationShare}) {
		s.ValidationShare, s.ValidationTable, s.ValidationSeed = o.Validation.Share, o.Validation.Table != nil, nil
	} else if drawn := b.validationSeed(); s.ValidationShare > 0 && drawn != s.Seed {
		s.ValidationSeed = &drawn
	} else {
		s.ValidationSeed = nil
	}
	if o.ClassWeight.given() {
		s.ClassWeight = o.ClassWeight
	}
	for _, f := range []struct {
		to   *string
		from string
	}{{&s.Positive, o.Positive}, {&s.SampleWeight, o.SampleWeight}, {&s.Device, o.Device}, {&s.Precision, o.Precision}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if o.NoSampleWeight {
		s.SampleWeight = ""
	}
	if s.Precision == "auto" {
		s.Precision = ""
	}
	for _, f := range []struct {
		to   *[]string
		from []string
	}{{&s.Target, o.Target}, {&s.Record, o.Record}} {
		if f.from != nil {
			*f.to = f.from
		}
	}
	switch {
	case base != nil: // the model's stays
	case o.NoPrep:
		s.Prep = "None"
	case o.Prep != nil:
		s.Prep = o.Prep.Source()
	}
	return s
}

// validationSeed is what the validation rows are drawn with. Going on with
// another seed keeps it: rows that the model has learnt from are none to watch.
func (s Settings) validationSeed() uint64 { return or(s.ValidationSeed, s.Seed) }
