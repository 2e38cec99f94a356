package gpu

import "mlpkernel/nn"

// Settings say how a GPU computes. The zero value is right for almost all.
type Settings struct {
	Precision Precision
	Tier      Tier
}

// Precision is that of products; sums, updates and all else are float32. Nets
// that fit into one block are always trained in float32.
type Precision int

const (
	Float32  Precision = iota // fused multiply-adds in the order of the sum
	TF32                      // factors rounded to 11 bits, on tensor cores
	BFloat16                  // factors rounded to 8 bits, on tensor cores
)

var precisionNames = [...]string{"float32", "tf32", "bfloat16"}

func (p Precision) String() string { return precisionNames[p] }

// Tier is where training runs.
type Tier int

const (
	Auto  Tier = iota // by the size of net and batch
	Block             // one block a replica, all in its shared memory; only if it fits
	Grid              // teams of blocks with barriers between them
	Graph             // a graph of launches a step, one replica after the other
)

var tierNames = [...]string{"auto", "block", "grid", "graph"}

func (t Tier) String() string { return tierNames[t] }

// Open gives the backend of the first GPU with the zero Settings. The error says
// why there is none.
func Open() (nn.Backend, error) { return OpenWith(Settings{}) }

// OpenWith gives the backend with settings.
func OpenWith(s Settings) (nn.Backend, error) { return open(s) }

// Describe says in one line which GPU there is, or why there is none.
func Describe() (text string, there bool) {
	text, err := describe()
	if err != nil {
		return err.Error(), false
	}
	return text, true
}
