package cpu

import "time"

// pace finds out whether a team's threads are worth their while: when other
// processes take cores, they may get less done than the caller alone. The team
// works by default. It makes way for the caller to be timed at first and every few
// seconds, for a glimpse if that shows it far slower, and whenever the team is
// hardly faster than the caller was; each time in vain, for longer.
type pace struct {
	alone       bool
	steps       int           // of the window so far
	spent       time.Duration // on these
	team, other float64       // seconds a step in the last window of the team, and of the caller alone; 0: not known
	pause, left int           // windows that the caller works alone for: next time, and now
	quick       int           // windows of a team worth its while, since the caller was timed
}

// A window is long beside the slices that a system cuts time in.
const (
	window       = 15 * time.Millisecond
	glimpse      = 2 * time.Millisecond
	longestPause = 16
	mostQuick    = 256
	worthwhile   = 0.95 // of the caller's time
	farFaster    = 0.75
)

// step enters the time of a step.
func (p *pace) step(d time.Duration) {
	p.steps++
	p.spent += d
	each := p.spent.Seconds() / float64(p.steps)
	seen := p.alone && p.other == 0 && p.spent >= glimpse && p.team < farFaster*each
	if p.spent < window && !seen {
		return
	}
	p.steps, p.spent = 0, 0
	if p.alone {
		p.other = each
		p.left--
		p.alone = p.left > 0
		return
	}
	p.team = each
	if p.other == 0 || p.team > worthwhile*p.other {
		p.alone, p.pause, p.quick = true, min(2*p.pause+1, longestPause), 0
		p.left = p.pause
		return
	}
	p.pause, p.quick = 0, p.quick+1
	if p.quick == mostQuick {
		p.other = 0
	}
}
