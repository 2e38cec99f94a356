package gpu

import "mlpkernel/nn"

// The cost model: about how long a step takes on the GPU and on the processor,
// by which device="auto" chooses. The numbers are estimates for a current
// data-centre GPU and processor, not measurements; README.md tells how they
// were come by. They need to be right to a factor of two or so, since near the
// border both are as good.
const (
	setupSeconds   = 1.0    // context, loading the kernels, copying data: once a process
	blockPhase     = 0.4e-6 // a phase of T0: a barrier of one block and the latency of its memory
	gridPhase      = 2e-6   // a phase of T1: a barrier of all blocks
	graphPhase     = 3e-6   // a phase of T2: a launch in a graph
	blockFlops     = 60e9   // of one block, float32
	gridFlops      = 60e9   // of one multiprocessor, float32
	graphFlops     = 1e12   // of one multiprocessor, TF32
	processorStep  = 1e-6   // a step's own cost on the processor
	processorFlops = 40e9   // of one core with 8 or more lanes of float32
)

// phases is about how many phases a step has: forward, backward and update of
// each step of the plan, and the head.
func phases(p *nn.Plan) float64 { return float64(3*len(p.Steps) + 3) }

// flops is about how many operations a step takes: two for each weight and row,
// forward, for the inputs' gradients and for the weights'.
func flops(p *nn.Plan, rows int) float64 { return 6 * float64(p.Size) * float64(rows) }

// gpuStep is the time of a step of all replicas in a tier.
func gpuStep(t Tier, p *nn.Plan, rows, replicas, multiprocessors int) float64 {
	each, n, sm := flops(p, rows), float64(replicas), float64(multiprocessors)
	switch t {
	case Block:
		waves := float64((replicas + multiprocessors - 1) / multiprocessors)
		return waves * (phases(p)*blockPhase + each/blockFlops)
	case Grid:
		return phases(p)*gridPhase*max(1, n/sm) + n*each/(sm*gridFlops)
	}
	return n * (phases(p)*graphPhase + each/(sm*graphFlops))
}

// processorTime is the time of a step of all replicas on so many cores.
func processorTime(p *nn.Plan, rows, replicas, cores int) float64 {
	n := float64(replicas)
	return n*processorStep/min(n, float64(cores)) + n*flops(p, rows)/(float64(cores)*processorFlops)
}
