//go:build cuda && linux && cgo

package gpu

// These are the structs and numbers of kernels/tape.h.

// opcode is what an instruction does.
type opcode int32

const (
	opGather opcode = iota
	opDense
	opActivate
	opSoftmax
	opDrop
	opBatchNorm
	opRunNorm
	opLayerNorm
	opCopy
	opLookup
	opAdd
	opHead
	opPredict
	opEmit
	opSumLoss
	opDelta
	opDenseDx
	opActivateBack
	opSoftmaxBack
	opDropBack
	opBatchNormBack
	opLayerNormBack
	opAddBack
	opDenseDw
	opLayerNormDw
	opLookupDw
	opMoveRunning
	opSquares
	opUpdate
	opLimit
	opRound
	opBiasDw
	opPenalty
	opLibrary // a product of cuBLASLt; no kernel sees it
)

// Flags of an instruction.
const (
	trainW = 1 << iota
	trainB
	decays
	addGin
	addGin2
	toHalf // out is bf16
)

// ins is an instruction; see tape.h for its fields. none is an offset that is not there.
type ins struct {
	op, sync                 int32
	in, in2, out             int32
	gin, gin2, gout          int32
	flags                    int32
	w, b                     int32
	n, k                     int32
	act, z                   int32
	below, zbelow, actbelow  int32
	aux, aux2                int32
	index, key               int32
	p, pbelow, eps, momentum float32
	l1, l2, limit            float32
	_                        [3]int32
}

const none = -1

// newIns gives an instruction whose offsets are all none.
func newIns(op opcode) ins {
	return ins{
		op: int32(op), in: none, in2: none, out: none, gin: none, gin2: none, gout: none,
		w: none, b: none, z: none, below: none, zbelow: none,
	}
}

// stepInfo is one update, or one block of rows of a pass.
type stepInfo struct {
	first, rows, row0 int32
	number            uint32
	lr, decay, c1, c2 float32
}

// mask is the rule of a dropout at a step.
type mask struct {
	threshold uint64
	scale     float32
	_         int32
}

// rep is a replica in a launch; addresses are those of the GPU.
type rep struct {
	x, codes, y, weights, order, steps, masks, state, loss, out, result uint64
	seed                                                                [2]uint32
	nsteps, rows                                                        int32
}

// job is one launch.
type job struct {
	tape, reps, scratch, sync             uint64
	stride                                uint64
	count, nreps, teams, size, slots      int32
	dropouts, categories, targets         int32
	gradient, parts, nparts, rule         int32
	momentum, beta1, beta2, eps, clipNorm float32
	_                                     int32
}

// Bytes of the structs, as in tape.h.
const (
	insBytes  = 128
	stepBytes = 32
	maskBytes = 16
	repBytes  = 104
	jobBytes  = 112
)
