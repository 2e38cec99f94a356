package cpu

import (
	"sync/atomic"
	"testing"
)

// TestTeam has each job write what all pieces of the next one read.
func TestTeam(t *testing.T) {
	for _, size := range []int{1, 2, 3} {
		for _, pieces := range []int{1, 2, 7} {
			team := newTeam(size)
			was, now := make([]int, pieces), make([]int, pieces)
			for round := range 200 {
				team.run(pieces, func(thread, i int) {
					total := round
					for _, v := range was {
						total += v % 1000
					}
					now[i] += total + i
				})
				was, now = now, was
			}
			team.stop()
			want := alone(pieces)
			for i := range want[0] {
				if was[i] != want[0][i] || now[i] != want[1][i] {
					t.Errorf("%d threads, %d pieces: %v, %v, want %v", size, pieces, was, now, want)
					break
				}
			}
		}
	}
}

// alone gives what TestTeam's jobs lead to.
func alone(pieces int) [2][]int {
	was, now := make([]int, pieces), make([]int, pieces)
	for round := range 200 {
		total := round
		for _, v := range was {
			total += v % 1000
		}
		for i := range now {
			now[i] += total + i
		}
		was, now = now, was
	}
	return [2][]int{was, now}
}

// TestTeamSleeps has jobs end late enough for the caller to sleep, and begin
// late enough for the members to.
func TestTeamSleeps(t *testing.T) {
	team := newTeam(3)
	defer team.stop()
	for range 3 {
		for team.begun.sleepers.Load() < 2 {
		}
		var done atomic.Int32
		team.run(2, func(thread, i int) {
			if thread != 0 {
				for team.done.sleepers.Load() < 1 {
				}
			} else {
				for done.Load() == 0 && !team.allBegun() {
				}
			}
			done.Add(1)
		})
		if done.Load() != 2 {
			t.Errorf("%d pieces are done", done.Load())
		}
	}
}

// allBegun reports whether all pieces are begun.
func (t *team) allBegun() bool {
	for i := range t.hands {
		if open := t.hands[i].open.Load(); open&mostPieces != open>>pieceBits&mostPieces {
			return false
		}
	}
	return true
}

// TestTeamNeedsNobody has the caller do what threads that are late do not.
func TestTeamNeedsNobody(t *testing.T) {
	team := newTeam(2)
	defer team.stop()
	release := make(chan bool)
	var mine atomic.Int32
	team.run(50, func(thread, i int) {
		switch {
		case thread == 1:
			<-release
		case mine.Add(1) == 49: // at least: the other thread has begun one at most
			close(release)
		}
	})
	if mine.Load() < 49 {
		t.Errorf("the caller did %d pieces of 50", mine.Load())
	}
}

// TestTeamFails has one piece or another panic, of job after job.
func TestTeamFails(t *testing.T) {
	team := newTeam(3)
	defer team.stop()
	for broken := range 9 {
		var done atomic.Int32
		got := func() (p any) {
			defer func() { p = recover() }()
			team.run(9, func(_, i int) {
				if i == broken {
					panic("broken")
				}
				done.Add(1)
			})
			return nil
		}()
		if got != "broken" || done.Load() != 8 {
			t.Errorf("piece %d broke, %d were done, and run panicked with %v", broken, done.Load(), got)
		}
		team.run(9, func(int, int) {})
	}
}
