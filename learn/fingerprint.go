package learn

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
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
	binary.Write(h, binary.LittleEndian, uint64(d.Rows))
	hashBlocks(h, len(d.X), func(buf []byte, i, j int) { putFloats(buf, d.X[i:j]) })
	hashBlocks(h, len(d.C), func(buf []byte, i, j int) {
		for k, x := range d.C[i:j] {
			binary.LittleEndian.PutUint32(buf[4*k:], uint32(x))
		}
	})
	hashBlocks(h, len(d.Y), func(buf []byte, i, j int) { putFloats(buf, d.Y[i:j]) })
	hashBlocks(h, len(d.W), func(buf []byte, i, j int) { putFloats(buf, d.W[i:j]) })
}

// putFloats writes numbers, four bytes each.
func putFloats(buf []byte, v []float32) {
	for k, x := range v {
		binary.LittleEndian.PutUint32(buf[4*k:], math.Float32bits(x))
	}
}

// hashBlocks writes checksums of blocks of n numbers, which put writes as bytes,
// and n. Two CRCs, over all cores, tell rows apart that differ by chance, in a
// tenth of the time that a hash of all takes.
func hashBlocks(h hash.Hash, n int, put func(buf []byte, i, j int)) {
	const block = 1 << 14
	sums := make([][2]uint32, (n+block-1)/block)
	threads := min(runtime.GOMAXPROCS(0), len(sums))
	var wg sync.WaitGroup
	for t := range threads {
		wg.Go(func() {
			buf := make([]byte, 4*min(block, n))
			for k := t; k < len(sums); k += threads {
				i, j := k*block, min((k+1)*block, n)
				put(buf, i, j)
				sums[k] = [2]uint32{crc32.ChecksumIEEE(buf[:4*(j-i)]), crc32.Checksum(buf[:4*(j-i)], castagnoli)}
			}
		})
	}
	wg.Wait()
	binary.Write(h, binary.LittleEndian, sums)
	binary.Write(h, binary.LittleEndian, uint64(n))
}

// castagnoli is a table that is only read.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

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
