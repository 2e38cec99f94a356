// Package nn trains multi-layer perceptrons.
//
// A [Network] is immutable data: layers in a chain. [Lower] resolves it for an
// input and a target and gives a [Plan]: primitive steps between buffers, the
// layout of one flat vector of parameters, and a head with its loss. A
// [Backend] compiles a plan into a [Program], which trains one or many
// replicas of it.
//
//	net := nn.Chain(nn.Dense{Units: 8, Activation: nn.Act("tanh")}, nn.Output{})
//	plan, err := nn.Lower(net, nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Binary, Width: 1}})
//	prog, err := reference.New().Compile(plan, nn.Options{Optimizer: nn.Adam(0.05)})
//	err = prog.Load([]nn.Replica{{State: plan.NewState(seed), Data: data}})
//	stats, err := prog.Train(ctx, nn.Chunk{Epochs: 100})
//
// What exists stands in lists, one entry an idea, over which documentation,
// completion, gradient checks and parity tests range: [Layers], [Activations],
// [Initializers], [Losses], [Optimizers], [Schedules].
//
// Three implementations share one meaning. Package nn/reference is float64 and
// defines it; nn/cpu is the fast float32 one; package gpu is for CUDA.
//
// Rules that hold everywhere:
//   - Formulas are for one column vector, Y = f(WX + b); data are rows.
//   - Weights are units × inputs, row-major.
//   - Random numbers are counter-based (package nn/philox), keyed by seed,
//     purpose, layer and step: they do not depend on device, threads or order.
//   - Sums run in a fixed order and exp, log, tanh are our own (package
//     nn/mathx): the same seed gives the same bits on any machine.
package nn
