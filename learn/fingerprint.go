package learn

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"runtime"
	"sync"

	"mlpkernel/nn"
)

// Fingerprint tells trainings apart: equal ones give equal models on the
// processor.
type Fingerprint struct {
	Program string `json:"program"` // network with sizes, and all options
	Data    string `json:"data"`    // rows as the network saw them, in order
	Seed    uint64 `json:"seed"`
}

// String is program-data-seed.
func (f Fingerprint) String() string { return fmt.Sprintf("%s-%s-%d", f.Program, f.Data, f.Seed) }

// Fingerprint tells the model's training apart from others.
func (m *Model) Fingerprint() Fingerprint { return m.print }

// Digest is a hash of the parameters: equal models have equal ones.
func (m *Model) Digest() string {
	h := sha256.New()
	hashFloats(h, m.state.Params)
	return digest(h)
}

// fingerprint is that of a job that has ended.
func (j *job) fingerprint() Fingerprint {
	h := sha256.New()
	h.Write([]byte(j.plan.String()))
	h.Write(j.program().text())
	for _, s := range j.before {
		h.Write(s.text())
	}
	return Fingerprint{Program: digest(h), Data: j.data(), Seed: j.settings.Seed}
}

// dataPrint gives the fingerprint of rows, made when it is first asked for.
func dataPrint(train, valid *rows) func() string {
	return sync.OnceValue(func() string {
		h := sha256.New()
		for _, r := range []*rows{train, valid} {
			if r != nil {
				hashData(h, r.data)
			}
		}
		return digest(h)
	})
}

func digest(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:6]) }

func hashData(h hash.Hash, d *nn.Data) {
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(d.Rows)))
	hashBlocks(h, d.X, math.Float32bits)
	hashBlocks(h, d.C, func(v int32) uint32 { return uint32(v) })
	hashBlocks(h, d.Y, math.Float32bits)
	hashBlocks(h, d.W, math.Float32bits)
}

// hashBlocks writes the hashes of blocks of numbers, found over all cores, and
// how many numbers there are.
func hashBlocks[T any](h hash.Hash, v []T, bits func(T) uint32) {
	const block = 1 << 14
	sums := make([][sha256.Size]byte, (len(v)+block-1)/block)
	threads := min(runtime.GOMAXPROCS(0), len(sums))
	var wg sync.WaitGroup
	for t := range threads {
		wg.Go(func() {
			buf := make([]byte, 0, 4*min(block, len(v)))
			for i := t; i < len(sums); i += threads {
				buf = buf[:0]
				for _, x := range v[i*block : min((i+1)*block, len(v))] {
					buf = binary.LittleEndian.AppendUint32(buf, bits(x))
				}
				sums[i] = sha256.Sum256(buf)
			}
		})
	}
	wg.Wait()
	for _, s := range sums {
		h.Write(s[:])
	}
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(v))))
}

// hashFloats writes numbers, eight bytes each, and a mark behind them.
func hashFloats(h hash.Hash, v []float64) {
	buf := make([]byte, 0, 8192)
	for _, x := range v {
		buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(x))
		if len(buf) == cap(buf) {
			h.Write(buf)
			buf = buf[:0]
		}
	}
	h.Write(buf)
	h.Write([]byte{0xff})
}
