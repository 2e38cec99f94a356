package nn

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Plan is a network resolved for an input and a target: what a backend
// compiles. It is immutable.
//
// Buffers hold one row of Widths[i] numbers per row of the batch. Buffer 0 is
// the numeric input. Each step writes a buffer of its own, once, and reads
// earlier ones, so that the steps in order are the forward pass and in reverse
// the backward pass; a backend may fuse and share memory at will. The last
// step's buffer, Logits, goes into the head.
type Plan struct {
	Input  Input
	Steps  []Step
	Widths []int
	Logits int // the buffer that the head reads
	Head   Head
	Blocks []Block
	Size   int // length of the flat vector of parameters
	// Layers are the network's layers with their resolved sizes, for summaries.
	Layers []LayerInfo
	// Notes are sentences on what was chosen by default: loss, output, initialisers.
	Notes []string
}

// Own is the first step whose activation is the user's own function, or nil.
// Such a function may do what it likes: it is called by one thread at a time,
// in an order that does not depend on the machine.
func (p *Plan) Own() *Step {
	for i := range p.Steps {
		if p.Steps[i].Act.Own != nil {
			return &p.Steps[i]
		}
	}
	return nil
}

// CheckOwn gives an error that wraps ErrUnsupported if there is an activation of
// the user's own: for backends that cannot call it.
func (p *Plan) CheckOwn() error {
	if s := p.Own(); s != nil {
		return Unsupported(fmt.Errorf("%s has an activation of your own, which the reference backend alone can call", s.Layer))
	}
	return nil
}

// Op is what a step does.
type Op int

const (
	// OpDense: out = act(W in + b). W is units × inputs. Act is never softmax.
	OpDense Op = iota
	// OpActivation: out = act(in); softmax over the units of a row.
	OpActivation
	// OpDropout: while training out = in*keep/(1-rate), else out = in. See [DropoutThreshold].
	OpDropout
	// OpBatchNorm: out = gamma*(in-mean)/sqrt(var+eps) + beta, per unit: mean
	// and (biased) variance of the batch while training, running ones else.
	// running = momentum*running + (1-momentum)*batch after each batch of more
	// than one row.
	OpBatchNorm
	// OpLayerNorm: the same over the units of each row.
	OpLayerNorm
	// OpEmbed: out = in, then one row of each category's table behind it. A code
	// of -1 gives zeros.
	OpEmbed
	// OpAdd: out = in + in2.
	OpAdd
)

var opNames = [...]string{"dense", "activation", "dropout", "batch_norm", "layer_norm", "embed", "add"}

func (o Op) String() string { return opNames[o] }

// Step is one primitive of a plan. Fields that an Op does not use are zero, or
// -1 for blocks.
type Step struct {
	Op      Op
	Layer   string // name of the layer it belongs to
	In, In2 int    // buffers read; In2 only by OpAdd
	Out     int    // buffer written
	W, B    int    // blocks: weights and bias, or gamma and beta; -1 for none
	// Mean and Var are the blocks of running statistics (OpBatchNorm), else -1.
	Mean, Var int
	Tables    []int      // OpEmbed: block of each category's table
	Act       Activation // OpDense, OpActivation; OpDense: never the zero value
	Rate      Schedule   // OpDropout
	Key       int        // OpDropout: the layer number of its random numbers
	Eps       float64    // norms
	Momentum  float64    // OpBatchNorm
}

// Role says what a block of parameters is.
type Role int

const (
	Weights     Role = iota // dense weights, units × inputs: what l1, l2, max_norm and weight decay act on
	Bias                    // units
	Gamma                   // scale of a norm
	Beta                    // shift of a norm
	RunningMean             // statistics, moved by batch norm and not by the optimiser
	RunningVar
	Table // embedding, levels × dim; weight decay acts on it
)

var roleNames = [...]string{"W", "b", "gamma", "beta", "mean", "var", "table"}

func (r Role) String() string { return roleNames[r] }

// Block is a named piece of the flat vector: Rows×Cols numbers from Offset.
type Block struct {
	Name       string // "dense_1.W"
	Layer      string // "dense_1"
	Role       Role
	Offset     int
	Rows, Cols int // units × inputs; Cols is 1 for vectors
	FanIn      int
	FanOut     int
	Init       Initializer
	Key        int       // the layer number of its random numbers
	Given      []float64 // initial values given by the user, nil if drawn
	L1, L2     float64   // l1*Σ|w| + l2/2*Σw² is added to the mean loss of a batch
	MaxNorm    float64   // 0: none; else each row of W is scaled back to this norm after an update
	Trainable  bool      // false: the optimiser leaves it alone
	Decay      bool      // decoupled weight decay acts on it
}

// Len is the number of values in the block.
func (b Block) Len() int { return b.Rows * b.Cols }

// Of gives the block's part of a flat vector.
func (b Block) Of(flat []float64) []float64 { return flat[b.Offset : b.Offset+b.Len()] }

// Input describes what comes in: the numeric columns and the category columns.
type Input struct {
	Numeric    int
	Categories []Category
}

// Category is a column of codes from 0 to Levels-1; -1 stands for unknown.
type Category struct {
	Name   string
	Levels int
}

// TargetKind says what is predicted.
type TargetKind int

const (
	Binary  TargetKind = iota // one column of 0 and 1
	Classes                   // one column of class numbers 0..Width-1
	Numbers                   // Width columns of numbers
	Labels                    // Width columns of 0 and 1 (multi-label)
)

var targetNames = [...]string{"a two-level target", "classes", "numbers", "labels"}

func (k TargetKind) String() string { return targetNames[k] }

// Target describes what is predicted. Width is the number of classes for
// Classes, else the number of columns; for Binary it is 1.
type Target struct {
	Kind  TargetKind
	Width int
}

// Head turns the last buffer into predictions and a loss.
//
// The losses with [LossDef].Logits (the cross-entropies, focal, perceptron) read
// the last buffer as logits: prediction = Act(logits) with Act sigmoid, softmax
// or step, and loss and gradient are computed from the logits. For all other
// losses Act is linear: the output's activation is part of the last dense step
// (or a step of its own), and prediction = last buffer.
type Head struct {
	Target      Target
	Units       int        // width of the last buffer and of a prediction
	Act         Activation // linear, sigmoid, softmax or step
	Loss        Loss
	TargetWidth int // columns of Data.Y: 1 for Classes, else Units
}

// LayerInfo is a layer of the network as a summary shows it.
type LayerInfo struct {
	Name       string // "dense_1"
	Kind       string // "dense"
	Text       string // source text: "dense(64, relu)"
	In, Out    int    // widths
	Parameters int
	Activation Activation // zero if it has none
	Init       string     // "he_normal", empty if nothing is drawn
	First      int        // the layer's steps are Steps[First:Last]
	Last       int
	Trainable  bool
	// Depth is 0 for the network's own layers and 1 or more for layers within a
	// skip, which come behind it in the list and are part of its numbers.
	Depth int
}

// String lists the plan canonically: equal plans print alike.
func (p *Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "input %d", p.Input.Numeric)
	for _, c := range p.Input.Categories {
		fmt.Fprintf(&b, " %s:%d", c.Name, c.Levels)
	}
	for i, s := range p.Steps {
		fmt.Fprintf(&b, "\n%d %s %s: %d+%d -> %d (%d) W%d b%d m%d v%d %v", i, s.Op, s.Layer, s.In, s.In2, s.Out, p.Widths[s.Out], s.W, s.B, s.Mean, s.Var, s.Tables)
		act := s.Act.String()
		if s.Act.Own != nil { // whatever it is called
			act = fmt.Sprintf("%s %q", OwnName, s.Act.Own.ID)
		}
		fmt.Fprintf(&b, " %s rate=%s key=%d eps=%s momentum=%s", act, s.Rate, s.Key, num(s.Eps), num(s.Momentum))
	}
	for _, k := range p.Blocks {
		fmt.Fprintf(&b, "\n%s %d %dx%d fan %d %d %s key=%d", k.Name, k.Offset, k.Rows, k.Cols, k.FanIn, k.FanOut, k.Init, k.Key)
		fmt.Fprintf(&b, " l1=%s l2=%s max=%s train=%t decay=%t given=%x", num(k.L1), num(k.L2), num(k.MaxNorm), k.Trainable, k.Decay, k.Given)
	}
	h := p.Head
	fmt.Fprintf(&b, "\nhead %d: %d %d %d %s %s %d\n", p.Logits, h.Target.Kind, h.Target.Width, h.Units, h.Act, h.Loss, h.TargetWidth)
	return b.String()
}

// Fingerprint is the same for equal plans and, but for a chance of 2^-64, no others.
func (p *Plan) Fingerprint() string {
	sum := sha256.Sum256([]byte(p.String()))
	return hex.EncodeToString(sum[:8])
}

// Block gives the block with a name such as "dense_1.W".
func (p *Plan) Block(name string) (Block, bool) {
	for _, b := range p.Blocks {
		if b.Name == name {
			return b, true
		}
	}
	return Block{}, false
}

// Penalty is Σ l1*Σ|w| + l2/2*Σw² over the blocks.
func (p *Plan) Penalty(params []float64) float64 {
	var total float64
	for _, b := range p.Blocks {
		if b.L1 == 0 && b.L2 == 0 {
			continue
		}
		var abs, sq float64
		for _, w := range b.Of(params) {
			abs += max(w, -w)
			sq += float64(w * w)
		}
		total += float64(b.L1*abs) + float64(b.L2*0.5*sq)
	}
	return total
}
