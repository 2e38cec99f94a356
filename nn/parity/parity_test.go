package parity_test

import (
	"testing"

	"mlpkernel/nn/parity"
	"mlpkernel/nn/reference"
)

// TestReference runs the reference against itself: the cases hold together.
func TestReference(t *testing.T) {
	parity.Check(t, reference.New(), parity.Tolerance{})
}
