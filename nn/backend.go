package nn

import (
	"context"
	"errors"
)

// Backend turns plans into programs.
type Backend interface {
	// Name is "reference", "cpu", "gpu".
	Name() string
	// Compile prepares a program. The error wraps ErrUnsupported if this backend
	// cannot run the plan and the reference can (an activation of the user's own).
	Compile(p *Plan, o Options) (Program, error)
}

// Accelerator is a backend with a device of its own: a gain for large trainings,
// a loss for small ones.
type Accelerator interface {
	Backend
	// Device describes the device in a few words. The error says why it has been
	// of no use since something failed.
	Device() (string, error)
	// Worthwhile reports whether a training is expected to end sooner here than
	// on the processor.
	Worthwhile(p *Plan, o Options, w Work) bool
}

// Work is how much a training has to do: replicas over so many rows each, for
// so many steps.
type Work struct{ Replicas, Rows, Steps int }

// Reporter is a program that tells how it has run.
type Reporter interface {
	// Report gives device and precision in a few words, and sentences on what went
	// otherwise than was asked for.
	Report() (device string, notes []string)
}

// ErrUnsupported says that a backend lacks something that the reference has.
var ErrUnsupported = errors.New("not supported by this backend")

// Unsupported gives an error that wraps ErrUnsupported and says nothing but why.
func Unsupported(why error) error { return unsupported{why} }

type unsupported struct{ error }

func (u unsupported) Unwrap() []error { return []error{u.error, ErrUnsupported} }

// Options say how a program trains. The zero value is plain gradient descent
// over all rows with the default rate.
type Options struct {
	Optimizer Optimizer // zero: SGD(0.01)
	BatchSize int       // rows of an update; 0: all, as always for lbfgs. A last short batch is kept.
	InOrder   bool      // do not shuffle the rows of an epoch
	ClipNorm  float64   // scale the gradient back to this norm; 0: no clipping
	Threads   int       // 0: the backend chooses. No result depends on it.
	// Precision is that of the factors of products: "" for the backend's choice,
	// "float32", "tf32" or "bfloat16". Only an [Accelerator] has a choice.
	Precision string
}

// WithDefaults names the default optimiser where none is named.
func (o Options) WithDefaults() Options {
	if o.Optimizer.Name == "" {
		o.Optimizer = SGD(0.01)
	}
	return o
}

// Program trains replicas of one plan. Replicas are numbered as they were
// loaded. A program serves one goroutine at a time.
type Program interface {
	// Load replaces all replicas. Data are not copied and must not change while
	// the program is in use; replicas may share them.
	Load(replicas []Replica) error
	// Train goes on from where each replica stands. When ctx is cancelled it
	// ends after the current batch with the stats so far and ctx's error; the
	// states are good to go on from. A loss that is no finite number stops that
	// replica and sets Diverged; the other replicas go on. Lists of epochs may
	// be overwritten by the next call.
	Train(ctx context.Context, c Chunk) (Stats, error)
	// Predict gives rows × Head.Units predictions: probabilities or numbers.
	Predict(ctx context.Context, replica int, d *Data, m Mode) ([]float32, error)
	// Evaluate gives the mean loss over rows, Σ weight·loss / Σ weight, without
	// penalty and without dropout.
	Evaluate(ctx context.Context, replica int, d *Data) (float64, error)
	// Activations gives the buffers of a forward pass: [i] is the output of step
	// i, rows × width. They may be overwritten by the next call.
	Activations(ctx context.Context, replica int, d *Data, m Mode) ([][]float32, error)
	// Gradient gives the mean loss over rows with the penalty, and its gradient
	// in the layout of the flat vector (0 for what is not trained). Batch norm
	// uses the statistics of these rows.
	Gradient(ctx context.Context, replica int, d *Data, m Mode) (loss float64, grad []float64, err error)
	// State gives a copy of all that a replica needs to go on, bit for bit.
	State(replica int) State
	// Params gives a copy of the parameters alone.
	Params(replica int) []float64
	// Close frees memory outside of Go's and ends threads; the program is of no
	// further use.
	Close() error
}

// Scorer is a program that predicts and evaluates in one pass.
type Scorer interface {
	// Score gives what Predict and Evaluate do.
	Score(ctx context.Context, replica int, d *Data) ([]float32, float64, error)
}

// Score gives a program's predictions of rows and their loss, as Predict and
// Evaluate do.
func Score(ctx context.Context, p Program, replica int, d *Data) ([]float32, float64, error) {
	if s, ok := p.(Scorer); ok {
		return s.Score(ctx, replica, d)
	}
	out, err := p.Predict(ctx, replica, d, Mode{})
	if err != nil {
		return nil, 0, err
	}
	loss, err := p.Evaluate(ctx, replica, d)
	return out, loss, err
}

// Data are rows, row-major. Not all fields are needed for all calls. A program
// may keep a copy: they must not change while it is in use.
type Data struct {
	Rows int
	X    []float32 // Rows × Input.Numeric
	C    []int32   // Rows × len(Input.Categories): codes, -1 for unknown
	Y    []float32 // Rows × Head.TargetWidth; a class number for Classes
	// W is the weight of each row, 1 if nil; class weights are folded in. The loss
	// of a batch is Σ weight·loss / rows, so weights should have the mean 1.
	W []float32
}

// Replica is one training: a state and the rows it trains on.
type Replica struct {
	State State
	Data  *Data
	Rows  []int32 // the rows of Data to train on, in this order before shuffling; nil: all
}

// State is all that a training needs to go on, independent of the backend but
// for precision: a float32 backend's numbers are float32 numbers.
type State struct {
	Seed   uint64
	Step   int // updates made: dropout masks, Adam's t and schedules count by it
	Epoch  int // epochs finished: the order of rows depends on it
	Batch  int // batches done of the epoch that was begun
	Params []float64
	// Slots are the optimiser's memory, none before the first step. See
	// [Optimizer.Slots].
	Slots Slots
}

// Chunk is a piece of training: Steps updates if positive, else Epochs epochs
// (what is left of an epoch that was begun counts as the first).
type Chunk struct {
	Epochs int
	Steps  int
	// Horizon is the number of updates that schedules span, counted from step 0;
	// 0: those up to the end of this chunk.
	Horizon int
	// StepLoss asks for the loss of every step.
	StepLoss bool
	// Blocks asks for the norms of each block at the last step, if that ends an
	// epoch, with Bins > 0 for histograms of their gradients and parameters too.
	Blocks bool
	Bins   int
}

// Stats tell what a chunk did.
type Stats struct {
	Replicas []ReplicaStats
}

// ReplicaStats tell what a chunk did to one replica.
type ReplicaStats struct {
	Epochs   []EpochStats // the epochs touched, in order; perhaps in part
	StepLoss []float64    // mean loss of each step's batch, if asked for
	Rate     float64      // learning rate of the last step
	Diverged bool         // a loss was no finite number; the state is that before its update
}

// EpochStats sum over the rows that were trained on within one epoch and this
// chunk. Losses are of rows as they were met, with dropout, without penalty.
type EpochStats struct {
	Epoch  int     // from 0
	Loss   float64 // Σ weight·loss
	Weight float64 // Σ weight
	Rows   int
	Done   bool         // the epoch ended within this chunk
	Blocks []BlockStats // as Plan.Blocks, if asked for, of the last epoch
}

// BlockStats are Euclidean norms over a block at the last step of a chunk.
type BlockStats struct {
	Param  float64   // after the update
	Grad   float64   // of the batch, penalty included, before clipping
	Update float64   // of the change made
	Hist   Histogram // of the gradient
	Values Histogram // of the parameters, after the update
}

// Mode says how a forward pass treats dropout: by default it is the identity.
// With Dropout the masks are those of step Step with seed Seed, as in training;
// many steps give the members of an ensemble (Monte Carlo dropout). Element 0
// of a mask is unit 0 of the first row given.
type Mode struct {
	Dropout bool
	Seed    uint64
	Step    int
	// Clock evaluates scheduled rates; the zero value means the end of training.
	Clock Clock
}
