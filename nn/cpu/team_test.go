package cpu

import (
	"sync/atomic"
	"testing"
)

// TestTeam has threads write what the others read behind the next meeting.
func TestTeam(t *testing.T) {
	for _, size := range []int{1, 2, 3} {
		team := newTeam(size)
		sums := make([]int, size)
		for round := range 100 {
			team.run(func(i int) {
				sums[i] = round + i
				team.meet()
				total := 0
				for _, v := range sums {
					total += v
				}
				if want := size*round + size*(size-1)/2; total != want {
					t.Errorf("thread %d of %d sees %d, want %d", i, size, total, want)
				}
				team.meet()
			})
		}
		team.stop()
	}
}

// TestTeamSleeps has a thread that is late wake those that went to sleep.
func TestTeamSleeps(t *testing.T) {
	team := newTeam(3)
	defer team.stop()
	var passed atomic.Int32
	team.run(func(i int) {
		if i == 1 {
			for team.meeting.sleepers.Load() < 2 {
			}
		}
		team.meet()
		passed.Add(1)
	})
	if passed.Load() != 3 {
		t.Errorf("%d threads passed", passed.Load())
	}
}

// TestTeamFails has one thread or another panic while the rest wait for it.
func TestTeamFails(t *testing.T) {
	for broken := range 3 {
		team := newTeam(3)
		got := func() (p any) {
			defer func() { p = recover() }()
			team.run(func(i int) {
				team.meet()
				if i == broken {
					panic("broken")
				}
				team.meet()
			})
			return nil
		}()
		if got != "broken" {
			t.Errorf("thread %d broke, and run panicked with %v", broken, got)
		}
	}
}
