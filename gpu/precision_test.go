//go:build cuda && linux && cgo

package gpu_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"mlpkernel/gpu"
	"mlpkernel/nn"
	"mlpkernel/nn/parity"
	"mlpkernel/nn/reference"
)

// precisionCases are those of all backends, and some whose layers are wide
// enough for bfloat16.
func precisionCases(t *testing.T) []parity.Case {
	cases := parity.Cases()
	for _, act := range []string{"linear", "relu", "tanh", "gelu"} {
		p, err := nn.Lower(nn.Chain(nn.Dense{Units: 70, Activation: nn.Act(act)}, nn.LayerNorm{}, nn.Dense{Units: 64, Activation: nn.Act(act)}, nn.Output{}),
			nn.Spec{Input: nn.Input{Numeric: 50}, Target: nn.Target{Kind: nn.Numbers, Width: 40}})
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, parity.Case{Name: "wide " + act, Plan: p, Data: parity.Rows(p, 150, 9)})
	}
	return cases
}

// TestGradientError bounds the error of an update by plain descent, |g - g*| / |g*|,
// where g* is the reference's in float64.
func TestGradientError(t *testing.T) {
	for _, precision := range []string{"float32", "tf32", "bfloat16"} {
		t.Run(precision, func(t *testing.T) {
			gradientErrors(t, precision, reference.New(), func(name string) float64 { return most(precision, name) })
		})
	}
}

// most bounds an error. Where rounding moves a sum to the other side of 0, relu
// passes on what it should not, or the reverse.
func most(precision, name string) float64 {
	if precision == "bfloat16" && name == "wide relu" {
		return 2e-2
	}
	return map[string]float64{"float32": 1e-6, "tf32": 5e-3, "bfloat16": 1e-2}[precision]
}

// TestProducts bounds what is left of that error where the reference rounds the
// factors of products, too: then no number is rounded but those, and the last
// bit of float32. It may round a factor otherwise that lies between two numbers.
func TestProducts(t *testing.T) {
	for precision, r := range map[string]rounding{"tf32": {tf32Bits, tf32Bits}, "bfloat16": {bf16Bits, tf32Bits}} {
		t.Run(precision, func(t *testing.T) {
			gradientErrors(t, precision, reference.Rounded(r), func(string) float64 { return 1e-3 })
		})
	}
}

// gradientErrors compares the gradients of all cases.
func gradientErrors(t *testing.T, precision string, to nn.Backend, bound func(name string) float64) {
	b := open(t, gpu.Settings{Tier: gpu.Grid})
	var all []float64
	for _, k := range precisionCases(t) {
		k.Options.Precision = precision
		r := nn.Replica{State: k.Plan.NewState(1), Data: k.Data}
		if _, err := b.Compile(k.Plan, k.Options); errors.Is(err, nn.ErrUnsupported) || k.Name == "activation step" {
			continue // its gradient is 0
		}
		mode := nn.Mode{Dropout: true, Seed: 4, Clock: nn.Clock{Steps: 10, PerEpoch: 5}}
		_, got, err := load(t, b, k.Plan, k.Options, r).Gradient(context.Background(), 0, k.Data, mode)
		_, want, err2 := load(t, to, k.Plan, k.Options, r).Gradient(context.Background(), 0, k.Data, mode)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		e := distance(got, want) / distance(want, make([]float64, len(want)))
		all = append(all, e)
		t.Logf("%.1e %s", e, k.Name)
		if limit := bound(k.Name); !(e <= limit) {
			t.Errorf("%s: the gradient is off by %.1e of its length, want %.0e", k.Name, e, limit)
		}
	}
	slices.Sort(all)
	t.Logf("%d gradients: half of them are within %.1e, all within %.1e", len(all), all[len(all)/2], all[len(all)-1])
}

// TestLibraryProducts does for cuBLASLt's what TestGradientError and TestProducts
// do for our own: by one step of plain descent, since no other has them.
func TestLibraryProducts(t *testing.T) {
	for precision, r := range map[string]rounding{"float32": {}, "tf32": {tf32Bits, tf32Bits}, "bfloat16": {bf16Bits, bf16Bits}} {
		for _, k := range precisionCases(t) {
			if !strings.HasPrefix(k.Name, "wide") && !strings.HasPrefix(k.Name, "shape") {
				continue
			}
			o := nn.Options{Precision: precision, Optimizer: nn.Optimizer{Name: "sgd", LR: nn.Constant(1)}, BatchSize: k.Data.Rows}
			replica := nn.Replica{State: k.Plan.NewState(1), Data: k.Data}
			var updates [3][]float64
			for i, b := range []nn.Backend{open(t, gpu.Settings{Tier: gpu.Graph}), reference.New(), reference.Rounded(r)} {
				prog := load(t, b, k.Plan, o, replica)
				train(t, prog, nn.Chunk{Steps: 1})
				updates[i] = prog.Params(0)
				for j, w := range replica.State.Params {
					updates[i][j] -= w
				}
			}
			size := distance(updates[1], make([]float64, len(updates[1])))
			off, rest := distance(updates[0], updates[1])/size, distance(updates[0], updates[2])/size
			t.Logf("%.1e, %.1e if the reference rounds, %s of %s", off, rest, precision, k.Name)
			if off > most(precision, k.Name) || rest > 1e-3 {
				t.Errorf("%s of %s: the update is off by %.1e of its length, and by %.1e if the reference rounds", precision, k.Name, off, rest)
			}
		}
	}
}

// Bits of a float32 that are rounded away.
const (
	bf16Bits = 16
	tf32Bits = 13
)

// rounding is that of layers with 32 inputs and units at least, and of others.
type rounding struct{ wide, narrow int }

func (r rounding) Round(v float64, inputs, units int) float64 {
	bits := r.wide
	if min(inputs, units) < 32 {
		bits = r.narrow
	}
	u := math.Float32bits(float32(v))
	if bits == 0 {
		return float64(float32(v))
	}
	half := uint32(1)<<(bits-1) - 1 // to even; TF32 away from 0
	if bits == tf32Bits || u>>bits&1 == 1 {
		half++
	}
	return float64(math.Float32frombits((u + half) >> bits << bits))
}

func distance(a, b []float64) float64 {
	var sum float64
	for i := range a {
		sum += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Sqrt(sum)
}
