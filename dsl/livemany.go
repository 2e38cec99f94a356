package dsl

import (
	"fmt"
	"math"
	"slices"
	"time"

	"mlpkernel/display"
	"mlpkernel/learn"
)

// liveMany is the one output of several trainings: how many are done and, where
// they have names, the loss of each name in one picture.
type liveMany struct {
	*live
	name  func(i int) string // of training i; nil: no picture
	last  learn.Progress
	begun time.Time
}

// mostCourses is how many names a picture has at most; of more, none is drawn.
const mostCourses = 8

// watched runs trainings and shows how far they are. Trainings of one name are
// seeds of one trial, and their mean is drawn. The output ends as the whole course
// with a line that says how many there were. Progress comes from several
// goroutines, one at a time.
func (c *Call) watched(name func(i int) string, run func(p func(learn.Progress))) {
	l := &liveMany{live: c.newLive(true), name: name, begun: time.Now()}
	c.Gracefully(func() {
		run(func(p learn.Progress) {
			l.last = p
			l.frame(func() display.Bundle { return lossFrame(l.runs(), p.Epochs, l.line()) })
		})
		if l.last.Planned > 0 {
			l.send(l.whole())
		}
	})
}

func (l *liveMany) took() string { return fmt.Sprintf("%.1f s", time.Since(l.begun).Seconds()) }

// line is how far the trainings are.
func (l *liveMany) line() string {
	p := l.last
	if p.Trained == 0 {
		return fmt.Sprintf("%d trainings, epoch %d of %d · %s", p.Planned, p.Epoch, p.Epochs, l.took())
	}
	return fmt.Sprintf("%d of %d trainings done · %s", p.Trained, p.Planned, l.took())
}

// whole is the last state.
func (l *liveMany) whole() display.Bundle {
	took := l.took()
	line := count(l.last.Planned, "training", "trainings") + " in " + took
	b := display.Text(line)
	if fig, err := display.Loss(display.LossData{Runs: l.runs(), Loss: "loss"}, display.Options{}); err == nil {
		b = fig.Bundle().With("text/plain", line+"\n"+fig.Text())
	}
	b.Volatile = []string{took}
	return b
}

// runs are the courses by name, each the mean over its trainings that have begun.
func (l *liveMany) runs() []display.Run {
	if l.name == nil {
		return nil
	}
	var names []string
	of := map[string][]learn.History{}
	for i, h := range l.last.Histories {
		name := l.name(i)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		if h.Len() > 0 {
			of[name] = append(of[name], h)
		}
	}
	var out []display.Run
	for _, name := range names {
		if of[name] != nil && len(names) <= mostCourses {
			out = append(out, meanRun(name, of[name]))
		}
	}
	return out
}

// meanRun is the mean of histories, as far as the shortest goes.
func meanRun(name string, some []learn.History) display.Run {
	n := math.MaxInt
	for _, h := range some {
		n = min(n, h.Len())
	}
	mean := runOf(name, some[0])
	mean.Epochs, mean.Train = mean.Epochs[:n], make([]float64, n)
	if mean.Validation != nil {
		mean.Validation = make([]float64, n)
	}
	for _, h := range some {
		for i := range n {
			e := h.At(i)
			mean.Train[i] += e.Loss / float64(len(some))
			if mean.Validation != nil {
				mean.Validation[i] += e.ValLoss / float64(len(some))
			}
		}
	}
	return mean
}
