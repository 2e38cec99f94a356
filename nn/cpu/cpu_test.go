package cpu_test

import (
	"testing"

	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// TestParity holds the backend against the reference.
func TestParity(t *testing.T) {
	parity.Check(t, cpu.New(), parity.Float32)
}
