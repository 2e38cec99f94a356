// Package gpu trains on an NVIDIA GPU: a [nn.Backend] over gorgonia.org/cu.
//
// It is there in builds with the tag cuda on Linux (make gpu), which need Go and
// gcc, no CUDA toolkit; such a program starts without a driver too. In all other
// builds [Open] says why there is no GPU.
//
//	b, err := gpu.Open()
//	prog, err := b.Compile(plan, options)   // wraps nn.ErrUnsupported where the CPU must help
//
// How it works, from the outside in:
//
//	cudadl      opens the driver at run time
//	device.go   one goroutine, locked to its thread, owns the GPU; memory.go: its memory
//	tape.go     a plan becomes a tape of instructions (build.go, backward.go)
//	program.go  replicas with their states on the GPU; train.go, record.go, infer.go
//	tier.go     where a tape runs: in one block, in many blocks, in a graph of launches
//	library.go  products of a graph that cuBLASLt makes (cublaslt opens it at run time)
//	relay.go    going on on the processor when the GPU fails
//	cost.go     what device="auto" goes by
//	kernels     the instructions in CUDA C, compiled to kernels.ptx
//	emu         the same kernels on the CPU behind a look-alike driver, for tests
//
// Three rules hold. A sum is made in an order that depends on sizes alone, so
// that runs repeat bit by bit and all tiers agree in float32. What is updated is
// decided before anything is updated: a loss that is no finite number leaves the
// state as it was. One launch is many steps, and at most about 50 ms.
//
// README.md tells how to build and test it, and what was measured.
package gpu
