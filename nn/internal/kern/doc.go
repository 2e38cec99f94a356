// Package kern has the float32 kernels under the CPU backend: products of
// matrices, functions over rows, optimisers, dropout masks.
//
// A [Set] is one family of kernels for an instruction set: AVX-512, AVX2, NEON,
// and portable Go. [Sets] gives those that this machine has, the fastest first.
// All give the same bits, since the arithmetic is fixed:
//   - Each number of a product is one chain of fused multiply-adds in the order
//     of the summed index, starting at the bias or at what is there already.
//   - Sums over a row run in 16 virtual lanes that are folded as a tree. Losses
//     have 16 rows as lanes, and sum over the units of each in order.
//   - exp, log, tanh are our own polynomials over the same operations.
//
// Where things are:
//   - product.go: [Product], its blocks and tiles. tile_*.s: the tiles. tile.go:
//     the portable ones.
//   - args.go, maps.go: [Args] and the list of kernels over rows, [Map]. Each is
//     one definition in gen/kernels.go, printed for every instruction set:
//     maps_*.s, portable.go. arith.go: the operations that portable.go uses.
//   - panels.go: [Panels], the layout of weights, and its transpose.
//   - script.go: [Script], calls that are written once and run often. walk_*.s
//     makes those of assembly, which finds its argument in a register: a call from
//     Go would cost more than some kernels take.
//   - gather.go: rows of a batch, copied together.
//   - bits.go: masks of dropout, by package philox.
//   - set.go, set_*.go: what this machine has. lists_*.go: the lists of kernels that
//     the assembly has.
//   - gen: the generator, a module of its own, so that nothing else builds it.
//   - avx512.sh: tests on an emulated processor, for who has no AVX-512.
//
// Layouts. Rows of activations are Distance(width) numbers apart, a multiple of
// 16; what lies behind the width is finite and never read as a number that counts.
// Weights lie in panels, see [Panels]. GODEBUG=cpu.avx512f=off and
// cpu.avx2=off take the families away; so does the build tag noasm.
package kern

//go:generate go run -C gen . ..
