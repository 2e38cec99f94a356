package cpu

import (
	"sync"
	"sync/atomic"
	"time"

	"mlpkernel/nn"
)

// team is threads that share out the pieces of one job after the other. Each
// begins with pieces of its own, the same ones in each job of so many, so that
// what these touch stays in its caches; who is through with them takes from the
// others, so a thread whose core somebody else has is only waited for if it has
// begun a piece. End a team with stop.
type team struct {
	size    int
	alone   bool                    // the caller works alone
	work    func(thread, piece int) // the job's
	hands   []hand                  // of the threads
	job     uint64
	left    atomic.Int32 // pieces that are not known to be finished
	_       [cacheLines]byte
	stopped atomic.Bool
	begun   gate // members wait here for a job
	done    gate // the caller waits here for left to be 0
	faults  nn.Faults
}

// hand is which pieces of a thread nobody has begun: job<<48 | low<<24 | high for
// those from low to before high. Two threads that write to one cache line wait
// some 100 ns for it each time, so a hand has lines of its own.
type hand struct {
	open atomic.Uint64
	_    [cacheLines]byte
}

// cacheLines is how far apart things of different threads are: processors fetch
// two lines at once.
const cacheLines = 128

// pieceBits are those of a number of pieces.
const (
	pieceBits  = 24
	mostPieces = 1<<pieceBits - 1
)

// handOf is which of so many pieces a thread begins with.
func handOf(thread, threads, pieces int) span {
	if threads = min(threads, pieces); thread >= threads {
		return span{pieces, pieces}
	}
	return cut(pieces, thread, threads)
}

// newTeam starts a team; the caller is its thread 0.
func newTeam(size int) *team {
	t := &team{size: size, hands: make([]hand, size)}
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
	t.job++
	for i := t.size - 1; i >= 0; i-- {
		h := handOf(i, t.size, pieces)
		t.hands[i].open.Store(t.job<<(2*pieceBits) | uint64(h.a)<<pieceBits | uint64(h.b))
	}
	t.begun.wake()
	t.labour(0)
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
	h := &t.hands[thread]
	for !t.stopped.Load() {
		t.labour(thread)
		if seen := h.open.Load(); seen>>pieceBits&mostPieces == seen&mostPieces {
			t.begun.wait(func() bool { return h.open.Load() != seen || t.stopped.Load() })
		}
	}
}

// labour does pieces until none is left to begin: the thread's own, the first
// one first, then those of the others, the last one first. A job cannot end before
// who has done pieces of it says so.
func (t *team) labour(thread int) {
	finished := 0
	for i := range t.size {
		h := &t.hands[(thread+i)%t.size]
		for {
			piece, ok := h.take(i > 0)
			if !ok {
				break
			}
			t.try(thread, piece)
			finished++
		}
	}
	if finished > 0 && t.left.Add(-int32(finished)) == 0 {
		t.done.wake()
	}
}

// take begins a piece, if one is left: the last or the first one.
func (h *hand) take(last bool) (piece int, ok bool) {
	for {
		open := h.open.Load()
		low, high := open>>pieceBits&mostPieces, open&mostPieces
		if low == high {
			return 0, false
		}
		piece, rest := low, open+1<<pieceBits
		if last {
			piece, rest = high-1, open-1
		}
		if h.open.CompareAndSwap(open, rest) {
			return int(piece), true
		}
	}
}

func (t *team) try(thread, piece int) {
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
