package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// function is an activation of single units as kernels.
type function struct {
	name  string
	f     kern.Map
	slope kern.Map
	fromX bool // the slope is told from the argument, not from the result
}

// functions has all activations but linear and softmax. That of step has no
// slope: its gradient is 0.
var functions = []function{
	{"step", kern.Step, 0, false},
	{"sigmoid", kern.Sigmoid, kern.SigmoidSlope, false},
	{"tanh", kern.Tanh, kern.TanhSlope, false},
	{"relu", kern.Relu, kern.ReluSlope, false},
	{"leaky_relu", kern.LeakyRelu, kern.LeakySlope, false},
	{"elu", kern.Elu, kern.EluSlope, false},
	{"selu", kern.Selu, kern.SeluSlope, false},
	{"gelu", kern.Gelu, kern.GeluSlope, true},
	{"silu", kern.Silu, kern.SiluSlope, true},
	{"mish", kern.Mish, kern.MishSlope, true},
	{"softplus", kern.Softplus, kern.SoftplusSlope, true},
}

// functionOf gives an activation's kernels, nil for linear and softmax.
func functionOf(a nn.Activation) *function {
	for i := range functions {
		if functions[i].name == a.Name {
			return &functions[i]
		}
	}
	return nil
}
