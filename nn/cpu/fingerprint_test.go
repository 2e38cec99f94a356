package cpu_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"mlpkernel/nn/cpu"
)

// fingerprints are of parameters after training, the same on every machine.
var fingerprints = map[string]string{"wide 0": "f1f0c3f6b26ce817", "wide 1": "5bb50c4451e80a87"}

func TestFingerprints(t *testing.T) {
	for _, c := range wide(t) {
		h := sha256.New()
		for _, v := range run(t, cpu.New(), c, 2).Params {
			binary.Write(h, binary.LittleEndian, math.Float64bits(v))
		}
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != fingerprints[c.Name] {
			t.Errorf("%s: %s, want %s", c.Name, got, fingerprints[c.Name])
		}
	}
}
