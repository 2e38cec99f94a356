package cpu

import (
	"sync"
	"sync/atomic"

	"mlpkernel/nn"
)

// team is threads that work in step. It lives as long as one call of a
// program: end it with stop. A panic on one of its threads ends the work of all
// and becomes a panic of run's caller.
type team struct {
	size    int
	work    func(t int)
	begin   signal
	meeting barrier
	stopped bool
}

// newTeam starts a team; the caller is its thread 0.
func newTeam(size int) *team {
	t := &team{size: size}
	t.begin.init()
	t.meeting.init(size)
	for i := 1; i < size; i++ {
		go t.member(i)
	}
	return t
}

func (t *team) member(i int) {
	for round := uint32(0); ; round++ {
		t.begin.wait(round)
		if t.stopped || !t.try(i) {
			return
		}
	}
}

// try does a thread's part of the work; it is false if any thread's went wrong.
func (t *team) try(i int) (ok bool) {
	defer func() {
		if !ok {
			t.meeting.raise()
		}
	}()
	defer t.meeting.faults.Catch()
	t.work(i)
	t.meet()
	return true
}

// run calls work on each thread and returns when all are done.
func (t *team) run(work func(t int)) {
	if t.size == 1 {
		work(0)
		return
	}
	t.work = work
	t.begin.raise()
	if !t.try(0) {
		t.stop()
		t.meeting.faults.Raise()
	}
}

// meet waits until all threads are there.
func (t *team) meet() {
	if t.size > 1 {
		t.meeting.wait()
	}
}

func (t *team) stop() {
	t.stopped = true
	t.begin.raise()
}

// spins is how often a thread looks before it sleeps: 20 to 50 µs, more than
// the threads of a step differ by, less than anybody would mind.
const spins = 30000

// signal is a count that threads wait for.
type signal struct {
	count    atomic.Uint32
	sleepers atomic.Int32
	_        [48]byte // a cache line of its own
	mu       sync.Mutex
	changed  sync.Cond
}

func (s *signal) init() { s.changed.L = &s.mu }

func (s *signal) raise() {
	s.count.Add(1)
	if s.sleepers.Load() > 0 {
		s.mu.Lock()
		s.changed.Broadcast()
		s.mu.Unlock()
	}
}

// wait returns once the count is no longer seen.
func (s *signal) wait(seen uint32) {
	for range spins {
		if s.count.Load() != seen {
			return
		}
	}
	s.mu.Lock()
	// A raise either finds this sleeper or has already moved the count.
	s.sleepers.Add(1)
	for s.count.Load() == seen {
		s.changed.Wait()
	}
	s.sleepers.Add(-1)
	s.mu.Unlock()
}

// barrier holds threads until all of them wait, or one cannot come any more:
// then waiting panics with what befell that one.
type barrier struct {
	signal
	size   int32
	there  atomic.Int32
	faults nn.Faults
}

func (b *barrier) init(size int) {
	b.signal.init()
	b.size = int32(size)
}

func (b *barrier) wait() {
	// A fault is entered before the count moves: it is seen here, or wakes.
	seen := b.count.Load()
	b.faults.Raise()
	if b.there.Add(1) == b.size {
		b.there.Store(0)
		b.raise()
		return
	}
	b.signal.wait(seen)
	b.faults.Raise()
}
