package cpu_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// fingerprints are of the parameters after training, the same on every machine.
// A change of the arithmetic changes them: say so in the changelog.
const (
	fingerprintWide  = "73f2e234c0c70f5d"
	fingerprintCases = "5108261b4a3b64b7"
)

func TestFingerprints(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		cases      []parity.Case
	}{
		{"wide", fingerprintWide, wide(t)},
		{"cases", fingerprintCases, parity.Cases()},
	} {
		all := sha256.New()
		for _, c := range tt.cases {
			one := sha256.New()
			for _, v := range run(t, cpu.New(), c, 2).params {
				binary.Write(one, binary.LittleEndian, math.Float64bits(v))
			}
			t.Logf("%s: %x", c.Name, one.Sum(nil)[:4])
			all.Write(one.Sum(nil))
		}
		if got := hex.EncodeToString(all.Sum(nil)[:8]); got != tt.want {
			t.Errorf("%s: %s, want %s; see -v", tt.name, got, tt.want)
		}
	}
}
