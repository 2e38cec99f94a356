package cpu

import (
	"sync"
	"sync/atomic"
	"time"

	"mlpkernel/nn"
)

// team is threads that share out the pieces of one job after the other: who is
// free takes the next, so a thread whose core somebody else has is only waited
// for if it has begun a piece. A team lives as long as one call of a program:
// end it with stop.
type team struct {
	size  int
	alone bool                    // the caller works alone
	work  func(thread, piece int) // the job's
	// open says which job it is, and which pieces nobody has begun: those from
	// low to before high. Even threads take the lowest and odd ones the highest,
	// so that they tend to have the same pieces, and what these touch in their
	// caches, each time.
	open    atomic.Uint64 // job<<48 | low<<24 | high
	left    atomic.Int32  // pieces that are not finished
	_       [48]byte      // what follows has a cache line of its own
	stopped atomic.Bool
	begun   gate // members wait here for a job
	done    gate // the caller waits here for left to be 0
	faults  nn.Faults
}

// pieceBits are those of a number of pieces.
const (
	pieceBits  = 24
	mostPieces = 1<<pieceBits - 1
)

// newTeam starts a team; the caller is its thread 0.
func newTeam(size int) *team {
	t := &team{size: size}
	t.begun.init()
	t.done.init()
	for i := 1; i < size; i++ {
		go t.member(i)
	}
	return t
}

// run does a job and returns when it is done. A panic on one of the threads
// becomes one of the caller.
func (t *team) run(pieces int, work func(thread, piece int)) {
	if t.threads() == 1 || pieces == 1 {
		for i := range pieces {
			work(0, i)
		}
		return
	}
	t.work = work
	t.left.Store(int32(pieces))
	t.open.Store((t.open.Load()>>(2*pieceBits)+1)<<(2*pieceBits) | uint64(pieces))
	t.begun.wake()
	for t.take(0) {
	}
	t.done.wait(func() bool { return t.left.Load() == 0 })
	t.faults.Raise()
}

// threads is how many are at work.
func (t *team) threads() int {
	if t.alone {
		return 1
	}
	return t.size
}

func (t *team) member(thread int) {
	for !t.stopped.Load() {
		for t.take(thread) {
		}
		seen := t.open.Load()
		if seen>>pieceBits&mostPieces == seen&mostPieces {
			t.begun.wait(func() bool { return t.open.Load() != seen || t.stopped.Load() })
		}
	}
}

// take does a piece, if one is left. The job cannot end before the piece does.
func (t *team) take(thread int) bool {
	for {
		open := t.open.Load()
		low, high := open>>pieceBits&mostPieces, open&mostPieces
		if low == high {
			return false
		}
		piece, rest := low, open+1<<pieceBits
		if thread&1 == 1 {
			piece, rest = high-1, open-1
		}
		if t.open.CompareAndSwap(open, rest) {
			t.try(thread, int(piece))
			return true
		}
	}
}

func (t *team) try(thread, piece int) {
	defer func() {
		if t.left.Add(-1) == 0 {
			t.done.wake()
		}
	}()
	defer t.faults.Catch()
	t.work(thread, piece)
}

func (t *team) stop() {
	t.stopped.Store(true)
	t.begun.wake()
}

// gate is where threads wait for something that others do.
type gate struct {
	sleepers atomic.Int32
	mu       sync.Mutex
	changed  sync.Cond
}

// patience is how long a thread looks before it goes to sleep: about as long as
// the pieces of a small net take. To wake takes some 10 µs, and a thread that
// has slept may find its core taken.
const patience = 100 * time.Microsecond

func (g *gate) init() { g.changed.L = &g.mu }

// wait returns once ok gives true.
func (g *gate) wait(ok func() bool) {
	const looks = 64
	for start := time.Now(); ; {
		for range looks {
			if ok() {
				return
			}
		}
		if time.Since(start) > patience {
			break
		}
	}
	g.mu.Lock()
	// Who makes ok true either finds this sleeper or has already done so.
	g.sleepers.Add(1)
	for !ok() {
		g.changed.Wait()
	}
	g.sleepers.Add(-1)
	g.mu.Unlock()
}

// wake is called after what makes a wait end.
func (g *gate) wake() {
	if g.sleepers.Load() > 0 {
		g.mu.Lock()
		g.changed.Broadcast()
		g.mu.Unlock()
	}
}
