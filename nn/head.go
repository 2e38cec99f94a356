package nn

import (
	"fmt"
	"slices"
	"strings"
)

// resolveHead chooses what an output layer leaves open: the loss, the output's
// activation and its units. act is the activation of the output as a user
// understands it.
func resolveHead(s Spec, o Output) (h Head, act Activation, err error) {
	loss, act := s.Loss, o.Activation
	if !loss.Given() {
		loss = defaultLoss(s.Target, act)
	}
	d := loss.Def()
	if !slices.Contains(d.Targets, s.Target.Kind) {
		return h, act, fmt.Errorf("loss %s does not suit %s; try %s", loss, describe(s.Target), defaultLoss(s.Target, act))
	}
	if !act.Given() {
		act = outputActivation(d, s.Target)
	}
	if len(d.Acts) > 0 && !slices.Contains(d.Acts, act.Name) {
		return h, act, fmt.Errorf("loss %s needs the activation %s, not %s; write output() or another loss", loss, strings.Join(d.Acts, " or "), act)
	}
	h = Head{Target: s.Target, Act: Activation{Name: "linear"}, Loss: loss}
	if d.Logits {
		h.Act = act
	}
	if s.Target.Kind == Binary && act.Name == "softmax" {
		h.Target = Target{Kind: Classes, Width: 2}
	}
	h.Units, h.TargetWidth = h.Target.Width, h.Target.Width
	if h.Target.Kind == Classes {
		h.TargetWidth = 1
		if act.Name != "softmax" {
			return h, act, fmt.Errorf("classes need softmax, not %s; write output()", act)
		}
	} else if d.Logits && act.Name == "softmax" {
		return h, act, fmt.Errorf("softmax is for one of several classes, and %s may all be yes; write output()", describe(s.Target))
	}
	if o.Units != 0 && o.Units != h.Units {
		return h, act, fmt.Errorf("it has %s, but %s; write output() or output(%d)", units(o.Units), needs(s.Target, h.Units), h.Units)
	}
	return h, act, nil
}

// defaultLoss is the loss for a target and an output's activation (perhaps none).
func defaultLoss(t Target, act Activation) Loss {
	switch {
	case t.Kind == Classes || act.Name == "softmax" && t.Kind == Binary:
		return Loss{Name: "cross_entropy"}
	case t.Kind == Numbers:
		return Loss{Name: "mse"}
	case act.Name == "step":
		return Loss{Name: "perceptron"}
	case !act.Given() || act.Name == "sigmoid":
		return Loss{Name: "binary_cross_entropy"}
	}
	return Loss{Name: "mse"}
}

// outputActivation is the output's activation for a loss and a target.
func outputActivation(d LossDef, t Target) Activation {
	switch {
	case t.Kind == Classes:
		return Activation{Name: "softmax"}
	case len(d.Acts) > 0:
		return Activation{Name: d.Acts[0]}
	case t.Kind == Numbers:
		return Activation{Name: "linear"}
	}
	return Activation{Name: "sigmoid"}
}

// needs says how many units a target needs.
func needs(t Target, n int) string {
	verb := "need"
	if t.Kind == Binary || t.Width == 1 {
		verb = "needs"
	}
	return fmt.Sprintf("%s %s %s", describe(t), verb, units(n))
}

func units(n int) string {
	if n == 1 {
		return "1 unit"
	}
	return fmt.Sprintf("%d units", n)
}

func describe(t Target) string {
	switch t.Kind {
	case Classes:
		return fmt.Sprintf("%d classes", t.Width)
	case Binary:
		return "a two-level target"
	case Labels:
		return fmt.Sprintf("%d yes-or-no targets", t.Width)
	}
	if t.Width == 1 {
		return "a number"
	}
	return fmt.Sprintf("%d numbers", t.Width)
}
