//go:build cuda && linux && cgo

package gpu

import (
	"mlpkernel/nn"
)

// activations are the numbers of maths.h. slopeNeedsInput says that the slope is
// computed from what goes in and not from what comes out.
var activations = map[string]struct {
	number          int32
	slopeNeedsInput bool
}{
	"linear": {0, false}, "step": {1, false}, "sigmoid": {2, false}, "tanh": {3, false}, "relu": {4, false}, "leaky_relu": {5, false},
	"elu": {6, false}, "selu": {7, false}, "gelu": {8, true}, "silu": {9, true}, "mish": {10, true}, "softplus": {11, true},
}

// losses are the numbers of tape.h.
var losses = map[string]int32{
	"mse": 0, "mae": 1, "huber": 2, "quantile": 3, "binary_cross_entropy": 4, "cross_entropy": 5, "focal": 6, "perceptron": 8,
}

const (
	focalSoftmax = 7
	rowSoftmax   = 100 // of PREDICT
)

// lossNumber is the number of a head's loss.
func lossNumber(h nn.Head) int32 {
	if h.Loss.Name == "focal" && h.Act.RowWise() {
		return focalSoftmax
	}
	return losses[h.Loss.Name]
}

// predictNumber is what makes predictions of the last buffer.
func predictNumber(h nn.Head) int32 {
	if h.Act.RowWise() {
		return rowSoftmax
	}
	return activations[h.Act.Name].number
}

// rules are the numbers of optimisers in tape.h.
var rules = map[string]int32{"sgd": 0, "perceptron": 0, "adam": 3, "adamw": 3, "rmsprop": 4, "adagrad": 5}

func ruleNumber(o nn.Optimizer) int32 {
	switch {
	case o.Name == "sgd" && o.Momentum > 0 && o.Nesterov:
		return 2
	case o.Name == "sgd" && o.Momentum > 0:
		return 1
	}
	return rules[o.Name]
}
