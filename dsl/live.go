package dsl

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// live is one output that is updated in place while something trains. Frames
// are SVG and text; the last state, with its PNG, is sent by finish, always.
type live struct {
	host  cell.Host
	on    bool
	id    string
	shown bool
	next  time.Time // no frame before
}

// A frame comes at most every framePause, and drawing takes at most a
// drawShare-th of the time.
const (
	framePause = 100 * time.Millisecond
	drawShare  = 20
)

func (c *Call) newLive(on bool) *live {
	s := c.Session()
	s.outputs++
	return &live{host: c.Host(), on: on, id: fmt.Sprintf("training-%d", s.outputs), next: time.Now().Add(framePause / 2)}
}

// frame sends what draw makes, if it is time.
func (l *live) frame(draw func() display.Bundle) {
	if began := time.Now(); l.on && !began.Before(l.next) {
		l.send(draw())
		l.next = time.Now().Add(max(framePause, drawShare*time.Since(began)))
	}
}

func (l *live) send(b display.Bundle) {
	if l.shown {
		l.host.Update(b, l.id)
		return
	}
	l.shown = true
	l.host.Display(b, l.id)
}

// progress shows how far a training is.
func (l *live) progress(p learn.Progress) {
	if p.Done {
		return // finish comes
	}
	l.frame(func() display.Bundle {
		return lossFrame([]display.Run{runOf("", p.History)}, p.Epochs, progressLine(p))
	})
}

// lossFrame draws losses so far under a line of progress, which is also the text.
func lossFrame(runs []display.Run, planned int, line string) display.Bundle {
	b := display.Text(line)
	fig, err := display.Loss(display.LossData{Runs: runs, Loss: "loss", Planned: planned, Status: line}, display.Options{})
	if err == nil && slices.ContainsFunc(runs, func(r display.Run) bool { return len(r.Epochs) > 0 }) {
		b = fig.LiveBundle().With("text/plain", line)
	}
	b.Volatile = []string{line}
	return b
}

// progressLine is a training in one line.
func progressLine(p learn.Progress) string {
	line := fmt.Sprintf("epoch %d of %d", p.Epoch, p.Epochs)
	if perEpoch := p.Steps / max(p.Epochs, 1); perEpoch > 0 && p.Step%perEpoch > 0 {
		line = fmt.Sprintf("epoch %d of %d, step %d of %d", p.Epoch+1, p.Epochs, p.Step%perEpoch, perEpoch)
	}
	line += fmt.Sprintf(" · loss %.4g", p.Loss)
	if n := p.History.Len(); n > 0 {
		if v := p.History.At(n - 1).ValLoss; v == v {
			line += fmt.Sprintf(" · validation %.4g", v)
		}
	}
	return line + fmt.Sprintf(" · %.1f s", p.Elapsed.Seconds())
}

// finish shows the whole course; it replaces the last frame.
func (l *live) finish(m *learn.Model) {
	if !l.on || m.Epochs().Len() == 0 {
		return
	}
	fig, err := lossFigure(m, display.Options{})
	if err != nil {
		l.send(display.Text(err.Error()))
		return
	}
	l.send(fig.Bundle())
}

// lossFigure is the picture of a model's losses.
func lossFigure(m *learn.Model, o display.Options) (*display.Figure, error) {
	return display.Loss(display.LossData{Runs: []display.Run{modelRun("", m)}, Loss: lossLabel(m)}, o)
}

// lossLabel names a model's loss for an axis.
func lossLabel(m *learn.Model) string {
	name := strings.ReplaceAll(m.Plan().Head.Loss.Name, "_", " ")
	if m.Target().Standardised() {
		name += " (standardised units)"
	}
	return name
}

// modelRun is the course of a model's loss.
func modelRun(name string, m *learn.Model) display.Run {
	r := runOf(name, m.Epochs())
	if best := m.BestEpoch(); best > 0 && best <= len(r.Epochs) {
		r.Best, r.BestKnown = best-1, true
	}
	return r
}

func runOf(name string, h learn.History) display.Run {
	r := display.Run{Name: name}
	watched := false
	for e := range h.All() {
		r.Epochs = append(r.Epochs, float64(e.Epoch))
		r.Train = append(r.Train, e.Loss)
		r.Validation = append(r.Validation, e.ValLoss)
		watched = watched || e.ValLoss == e.ValLoss
	}
	if !watched {
		r.Validation = nil
	}
	return r
}

// warn prints the sentences of warnings on the error stream.
func (c *Call) warn(ws []table.Warning) {
	for _, w := range ws {
		c.Host().Stream(cell.Stderr, "Warning: "+w.Message+" (silence=[\""+w.Name+"\"])\n")
	}
}
