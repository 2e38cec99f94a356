package cpu

import (
	"math"
	"time"
)

// pace chooses between one thread and the team while a training runs, where
// the number of threads is left open: on a busy machine the threads of a step
// wait for one another, and one alone may be faster. A few steps of every few
// hundred are a trial of both ways. The bits do not depend on it.
type pace struct {
	step int              // of the round
	best [2]time.Duration // of the trial: team, alone
}

const (
	trialSteps = 3
	roundSteps = 256
)

// alone reports whether the next step is to be made by one thread.
func (p *pace) alone() bool {
	switch p.step / trialSteps {
	case 0:
		return false
	case 1:
		return true
	}
	return p.best[1] < p.best[0]
}

// took enters the time of the step.
func (p *pace) took(d time.Duration) {
	if p.step == 0 {
		p.best = [2]time.Duration{math.MaxInt64, math.MaxInt64}
	}
	if way := p.step / trialSteps; way < len(p.best) {
		p.best[way] = min(p.best[way], d)
	}
	p.step = (p.step + 1) % roundSteps
}
