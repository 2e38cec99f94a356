// Package cpu is nn's fast float32 backend for processors.
//
// [New] picks the fastest kernels that the machine has (package
// nn/internal/kern). Compiling a plan is cheap; the work is laid out when the
// first batch comes:
//
//   - layout.go: parameters lie as the kernels want them, weights in panels, in
//     one flat vector a replica; gradients and the optimiser's memory likewise.
//   - net.go, build.go: a net is a plan turned into operations over buffers of
//     its own, in stages one after the other.
//   - dense.go, dropout.go, norm.go, …: an operation a file, its backward rule
//     beside its forward rule, and what it learns, as scripts of kernels that are
//     written when the rows of a pass are known. calls.go: what they have in common.
//   - loss.go: the head. update.go: optimiser, clipping, recording.
//   - train.go: batches, epochs, replicas. infer.go: passes that change nothing.
//   - team.go, pace.go: threads that do the pieces of a stage, first their own and
//     then those of others, and whether that is worth their while.
//
// Pieces are rows for the passes, panels for gradients and updates.
// No sum is ever split, so the bits do not depend on the number of threads; nor
// on the instruction set, by package kern's promise. A step allocates nothing.
package cpu
