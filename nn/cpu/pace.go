package cpu

import "time"

// pace finds out whether a team's threads are worth their while: when other
// processes take cores, they may get less done than the caller alone. The team
// works by default. It makes way for the caller to be timed once, and whenever
// it is hardly faster than the caller was; each time in vain, for longer.
type pace struct {
	alone       bool
	steps       int           // of the window so far
	spent       time.Duration // on these
	team, other float64       // seconds a step in the last window of the team, and of the caller alone; 0: not known
	pause, left int           // windows that the caller works alone for: next time, and now
}

// A window is long beside the slices that a system cuts time in.
const (
	window       = 15 * time.Millisecond
	longestPause = 16
	worthwhile   = 0.95 // of the caller's time
)

// step enters the time of a step.
func (p *pace) step(d time.Duration) {
	p.steps++
	p.spent += d
	if p.spent < window {
		return
	}
	each := p.spent.Seconds() / float64(p.steps)
	p.steps, p.spent = 0, 0
	if !p.alone {
		p.team = each
		if p.other == 0 || p.team > worthwhile*p.other {
			p.alone, p.pause = true, min(2*p.pause+1, longestPause)
			p.left = p.pause
		} else {
			p.pause = 0
		}
		return
	}
	p.other = each
	p.left--
	if p.left == 0 || p.team < worthwhile*each && p.pause == 1 {
		p.alone = false
	}
}
