package gpu

import "mlpkernel/nn"

// Settings say how a GPU computes, for tests and benchmarks. The zero value is
// right for all else.
type Settings struct {
	Tier Tier
	Own  bool // multiply by our own kernels even where cuBLASLt is there
}

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

// Open gives the backend of the first GPU. What fails there, or does not fit,
// goes on on spare, from what was last saved. The error says why there is no GPU.
func Open(spare nn.Backend) (nn.Accelerator, error) { return open(Settings{}, spare) }

// OpenWith gives the backend with settings and without a spare: errors of the
// GPU are the caller's.
func OpenWith(s Settings) (nn.Accelerator, error) { return open(s, nil) }

// Describe says which GPU, driver and libraries there are, a line each, or why
// the GPU is of no use. It loads the kernels to see.
func Describe() (lines []string, err error) { return describe() }
