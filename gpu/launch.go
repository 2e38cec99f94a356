//go:build cuda && linux && cgo

package gpu

import (
	"fmt"

	"mlpkernel/gpu/cudadl"
)

// kernels are those of kernels.cu.
var kernels = [...]string{"train_block", "grid_f32", "grid_tf32", "grid_bf16", "phase", "count_step"}

// gridKernels are indexed by Precision.
var gridKernels = [...]string{Float32: "grid_f32", TF32: "grid_tf32", BFloat16: "grid_bf16"}

const (
	gridThreads  = 256 // as THREADS in product.h
	mostInBlock  = 512 // threads of train_block
	tileBytes    = 4 * 2 * 64 * 20
	syncWords    = 32 // of a team
	badWord      = 16
	fixedShared  = 2*stepBytes + 4*8
	resultBytes  = 8
	sharedMargin = 1024 // what the system keeps of a block's shared memory
)

// sharedBytes is the shared memory of a grid kernel's block.
func (t *tape) sharedBytes() int { return len(t.code)*insBytes + fixedShared + tileBytes }

// blockBytes is that of train_block's.
func (t *tape) blockBytes(state int) int {
	return len(t.code)*insBytes + fixedShared + 4*(state+t.floats)
}

// fits reports whether the tape and a replica's state fit into one block.
func (d *device) fits(t *tape, state int) bool {
	return t.blockBytes(state) <= d.shared-sharedMargin
}

// launcher is memory for launches, kept from one to the next.
type launcher struct {
	d                                *device
	tape, reps, job, scratch, sync   buffer
	order, steps, masks, out, losses buffer
	results, workspace               buffer
	last                             *tape // that the scratch memory was cleared for
	lastTeams                        int
	graphs                           map[graphKey]*cudadl.Graph
}

func (l *launcher) free() {
	for _, b := range []*buffer{&l.tape, &l.reps, &l.job, &l.scratch, &l.sync, &l.order, &l.steps, &l.masks, &l.out, &l.losses, &l.results, &l.workspace} {
		b.free()
	}
	l.freeGraphs()
	l.last = nil
}

// room makes scratch memory for teams, which begins as zeros: what a tape never
// writes, such as the gradient of what is not trained, counts as 0.
func (l *launcher) room(t *tape, teams int) error {
	if l.last == t && l.lastTeams == teams {
		return nil
	}
	l.last = nil
	if err := l.scratch.grow(4 * t.floats * teams); err != nil {
		return err
	}
	if err := l.scratch.clear(t.floats * teams); err != nil {
		return err
	}
	l.last, l.lastTeams = t, teams
	return nil
}

// prepare puts a job and its replicas into the GPU's memory.
func (l *launcher) prepare(t *tape, j job, reps []rep, teams int) error {
	if err := put(&l.tape, t.code); err != nil {
		return err
	}
	if err := put(&l.reps, reps); err != nil {
		return err
	}
	if err := l.sync.grow(4 * syncWords * teams); err != nil {
		return err
	}
	if err := l.sync.clear(syncWords * teams); err != nil {
		return err
	}
	j.tape, j.reps, j.scratch, j.sync = l.tape.word(), l.reps.word(), l.scratch.word(), l.sync.word()
	j.stride, j.count, j.nreps, j.teams = uint64(t.floats), int32(len(t.code)), int32(len(reps)), int32(teams)
	j.gradient, j.parts, j.nparts = int32(t.gradient), int32(t.parts), int32(t.nparts)
	return put(&l.job, []job{j})
}

// block runs a tape in one block a replica.
func (l *launcher) block(t *tape, j job, reps []rep, state int) error {
	if err := l.prepare(t, j, reps, 1); err != nil {
		return err
	}
	threads := min(max((t.widest+31)&^31, 32), mostInBlock)
	return l.wait(cudadl.Launch(l.d.kernels["train_block"], len(reps), threads, t.blockBytes(state), l.d.stream, []uint64{l.job.word()}))
}

// grid runs a tape in teams of blocks.
func (l *launcher) grid(t *tape, j job, reps []rep, p Precision) error {
	kernel := gridKernels[p]
	resident, err := l.d.resident(kernel, gridThreads, t.sharedBytes())
	if err != nil {
		return err
	}
	if resident == 0 {
		return fmt.Errorf("kernel %s does not fit on %s with %d bytes of shared memory", kernel, l.d.name, t.sharedBytes())
	}
	teams, blocks := teamsOf(resident, len(reps), t.useful())
	if err := l.room(t, teams); err != nil {
		return err
	}
	if err := l.prepare(t, j, reps, teams); err != nil {
		return err
	}
	whole := ^uint64(0) // from and to are -1
	return l.wait(cudadl.LaunchCooperative(l.d.kernels[kernel], teams*blocks, gridThreads, t.sharedBytes(), l.d.stream, []uint64{l.job.word(), whole, whole}))
}

// useful is how many blocks have something to do in the widest phase.
func (t *tape) useful() int { return max(1, t.tiles, (t.widest+gridThreads-1)/gridThreads/4) }

// teamsOf shares the blocks that run at the same time out among replicas.
func teamsOf(resident, replicas, useful int) (teams, blocks int) {
	teams = max(1, min(replicas, resident/min(useful, resident)))
	return teams, min(resident/teams, useful)
}

// wait waits for a launch and tells what went wrong with it.
func (l *launcher) wait(err error) error {
	if err == nil {
		err = l.d.stream.Synchronize()
	}
	if err != nil {
		return fmt.Errorf("gpu: %w", err)
	}
	return nil
}
