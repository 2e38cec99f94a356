package cpu

import (
	"testing"
	"time"
)

// TestPace has a team that is worth its while, one that is not, and one whose
// cores are taken for a while.
func TestPace(t *testing.T) {
	const caller = time.Millisecond
	for _, c := range []struct {
		name        string
		team        func(step int) time.Duration
		least, most float64 // share of the last half of the steps that the team makes
	}{
		{"quick", func(int) time.Duration { return caller / 2 }, 0.99, 1},
		{"slow", func(int) time.Duration { return caller * 11 / 10 }, 0, 0.15},
		{"slow at first", func(step int) time.Duration {
			if step < 2000 {
				return caller * 2
			}
			return caller * 6 / 10
		}, 0.9, 1},
	} {
		var p pace
		const steps = 6000
		team := 0
		for i := range steps {
			d := caller
			if !p.alone {
				d = c.team(i)
				if i >= steps/2 {
					team++
				}
			}
			p.step(d)
		}
		if share := float64(team) / (steps / 2); share < c.least || share > c.most {
			t.Errorf("%s: the team makes %.2f of the steps, want %v to %v", c.name, share, c.least, c.most)
		}
	}
}

// TestGlimpse: a team that is far faster hardly makes way for the caller.
func TestGlimpse(t *testing.T) {
	var p pace
	alone := 0
	for range 400 {
		d := time.Millisecond / 2
		if p.alone {
			d, alone = time.Millisecond, alone+1
		}
		p.step(d)
	}
	if alone == 0 || alone > 3 {
		t.Errorf("the caller made %d of 400 steps, want 1 to 3", alone)
	}
}
