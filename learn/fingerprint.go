package learn

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"

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
	hashFloats(h, m.state.Params, math.Float64bits)
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
	return Fingerprint{Program: digest(h), Data: j.data, Seed: j.settings.Seed}
}

// dataPrint is the fingerprint of the rows.
func (j *job) dataPrint() string {
	h := sha256.New()
	for _, r := range []*rows{j.train, j.valid} {
		if r != nil {
			hashData(h, r.data)
		}
	}
	return digest(h)
}

func digest(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:6]) }

func hashData(h hash.Hash, d *nn.Data) {
	bits := func(v float32) uint64 { return uint64(math.Float32bits(v)) }
	hashFloats(h, []int{d.Rows}, func(v int) uint64 { return uint64(v) })
	hashFloats(h, d.X, bits)
	hashFloats(h, d.C, func(v int32) uint64 { return uint64(uint32(v)) })
	hashFloats(h, d.Y, bits)
	hashFloats(h, d.W, bits)
}

// hashFloats writes numbers, eight bytes each, and a mark behind them.
func hashFloats[T any](h hash.Hash, v []T, bits func(T) uint64) {
	buf := make([]byte, 0, 8192)
	for _, x := range v {
		buf = binary.LittleEndian.AppendUint64(buf, bits(x))
		if len(buf) == cap(buf) {
			h.Write(buf)
			buf = buf[:0]
		}
	}
	h.Write(buf)
	h.Write([]byte{0xff})
}
