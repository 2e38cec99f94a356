//go:build cuda && linux && cgo

package gpu_test

import (
	"testing"

	"mlpkernel/gpu"
	"mlpkernel/nn/parity"
)

// TestParity holds the backend against the reference, tier by tier.
func TestParity(t *testing.T) {
	for _, tier := range []gpu.Tier{gpu.Auto, gpu.Grid, gpu.Graph} {
		t.Run(tier.String(), func(t *testing.T) {
			inOrders(t, func(t *testing.T) {
				parity.Check(t, precise{open(t, gpu.Settings{Tier: tier, Own: true}), "float32"}, parity.Float32)
			})
		})
	}
}
