package learn

import (
	"fmt"
	"math"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// outputActivation is what the network's last layer was given.
func outputActivation(n nn.Network) nn.Activation {
	layers := n.Layers()
	if len(layers) == 0 {
		return nn.Activation{}
	}
	switch l := layers[len(layers)-1].(type) {
	case nn.Output:
		return l.Activation
	case nn.ActivationLayer:
		return l.Activation
	}
	return nn.Activation{}
}

// squashed tells whether the output's activation keeps it from taking all
// values; then numbers are not standardised.
func squashed(n nn.Network) bool { return !outputActivation(n).Linear() }

// beyondReach warns of numbers to be learnt that the output's activation never
// gives.
func (j *job) beyondReach() []table.Warning {
	act, target, y := outputActivation(j.net), j.coder.target, j.train.truth.y
	low, high := act.Def().Low, act.Def().High
	if target.Kind != table.TargetNumbers || low == high {
		return nil
	}
	rows, least, most := 0, math.Inf(1), math.Inf(-1)
	for row := range slices.Chunk(y, target.Width()) {
		lo, hi := slices.Min(row), slices.Max(row)
		if least, most = min(least, lo), max(most, hi); lo < low || hi > high {
			rows++
		}
	}
	if rows == 0 {
		return nil
	}
	gives := fmt.Sprintf("from %v to %v", low, high)
	if math.IsInf(high, 1) {
		gives = fmt.Sprintf("%v or more", low)
	}
	return []table.Warning{{Name: table.WarnReach, Columns: target.Names, Message: fmt.Sprintf(
		"%s: %s beyond what %s gives (%s): the target goes from %s to %s, and no training comes closer; write output() for any number, or scale the target into that range",
		nameList(target.Names), count(rows, "row is", "rows are"), act, gives, short(least), short(most))}}
}

// messages are the sentences of warnings.
func messages(ws []table.Warning) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.Message
	}
	return out
}
