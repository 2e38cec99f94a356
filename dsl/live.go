package dsl

import (
	"fmt"
	"strings"
	"time"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// live is the output of a training while it runs: the curves and a line of
// progress, updated in place.
type live struct {
	host  cell.Host
	on    bool
	id    string
	loss  nn.Loss
	shown bool
	next  time.Time // no frame before
}

// A frame comes at most every framePause, and drawing takes at most a
// drawShare-th of the time.
const (
	framePause = 100 * time.Millisecond
	drawShare  = 20
)

func (c *Call) newLive(on bool, loss nn.Loss) *live {
	s := c.Session()
	s.outputs++
	return &live{host: c.Host(), on: on, id: fmt.Sprintf("training-%d", s.outputs), loss: loss, next: time.Now().Add(framePause / 2)}
}

// progress draws a frame, if it is time.
func (l *live) progress(p learn.Progress) {
	if !l.on || p.Done || time.Now().Before(l.next) || len(p.History) == 0 {
		return
	}
	began := time.Now()
	line := progressLine(p)
	fig, err := display.Loss(display.LossData{Runs: []display.Run{runOf("", p.History)}, Loss: "loss", Planned: p.Epochs}, display.Options{})
	b := display.Text(line)
	if err == nil {
		b = fig.LiveBundle()
		b.Data["text/plain"] = line
	}
	b.Volatile = append(b.Volatile, line)
	l.send(b)
	l.next = time.Now().Add(max(framePause, drawShare*time.Since(began)))
}

// frame shows a bundle, if it is time.
func (l *live) frame(b display.Bundle) {
	if time.Now().After(l.next) {
		l.send(b)
		l.next = time.Now().Add(framePause)
	}
}

// progressLine is a training in one line.
func progressLine(p learn.Progress) string {
	line := fmt.Sprintf("epoch %d of %d", p.Epoch, p.Epochs)
	if n := len(p.History); n > 0 {
		e := p.History[n-1]
		line += fmt.Sprintf("  loss %.4g", e.Loss)
		if e.ValLoss == e.ValLoss {
			line += fmt.Sprintf("  validation %.4g", e.ValLoss)
		}
	}
	return line + fmt.Sprintf("  %.1f s", p.Elapsed.Seconds())
}

func (l *live) send(b display.Bundle) {
	if l.shown {
		l.host.Update(b, l.id)
		return
	}
	l.shown = true
	l.host.Display(b, l.id)
}

// finish shows the whole course; it replaces the last frame.
func (l *live) finish(m *learn.Model) {
	if !l.on || len(m.Epochs()) == 0 {
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
	if m.Target().Kind == table.TargetNumbers {
		name += " (standardised units)"
	}
	return name
}

// modelRun is the course of a model's loss.
func modelRun(name string, m *learn.Model) display.Run {
	r := runOf(name, m.Epochs())
	if m.BestEpoch() > 0 {
		for i, e := range m.Epochs() {
			if e.Epoch == m.BestEpoch() {
				r.Best, r.BestKnown = i, true
			}
		}
	}
	return r
}

func runOf(name string, epochs []learn.Epoch) display.Run {
	r := display.Run{Name: name}
	watched := false
	for _, e := range epochs {
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
