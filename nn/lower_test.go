package nn_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mlpkernel/nn"
)

var (
	tanh = nn.Act("tanh")
	relu = nn.Act("relu")
	spec = nn.Spec{Input: nn.Input{Numeric: 4}, Target: nn.Target{Kind: nn.Classes, Width: 3}}
)

func lower(t *testing.T, n nn.Network, s nn.Spec) *nn.Plan {
	t.Helper()
	p, err := nn.Lower(n, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestActivationBehindDenseIsItsOwn(t *testing.T) {
	a := lower(t, nn.Chain(nn.Dense{Units: 8, Activation: relu}, nn.Dropout{Rate: nn.Constant(0.5)}, nn.Output{}), spec)
	b := lower(t, nn.Chain(nn.Dense{Units: 8}, relu, nn.Dropout{Rate: nn.Constant(0.5)}, nn.Output{}), spec)
	if a.Fingerprint() != b.Fingerprint() || a.String() != b.String() {
		t.Errorf("plans differ:\n%s\n%s", a, b)
	}
	if got := a.Blocks[0].Init.Name; got != "he_normal" {
		t.Errorf("relu begins with %s", got)
	}
	c := lower(t, nn.Chain(nn.Dense{Units: 8}, nn.BatchNorm{}, relu, nn.Output{}), spec)
	if got := c.Blocks[0].Init.Name; got != "he_normal" {
		t.Errorf("relu behind a norm begins with %s", got)
	}
}

func TestDefaultInitializers(t *testing.T) {
	for _, d := range nn.Activations() {
		p := lower(t, nn.Chain(nn.Dense{Units: 8, Activation: nn.Act(d.Name)}, nn.Output{}), spec)
		if got := p.Blocks[0].Init.Name; got != d.Init {
			t.Errorf("%s begins with %s, want %s", d.Name, got, d.Init)
		}
	}
}

func TestRepeatGivesNamesAndWeightsOfTheirOwn(t *testing.T) {
	block := nn.Chain(nn.Dense{Units: 4, Activation: tanh, Name: "h"}, nn.Dense{Units: 4}, nn.Dropout{})
	three, err := nn.Repeat(3, block)
	if err != nil {
		t.Fatal(err)
	}
	p := lower(t, nn.Chain(three, nn.Output{}), spec)
	var names []string
	for _, l := range p.Layers {
		names = append(names, l.Name)
	}
	want := "h_1 dense_1 dropout_1 h_2 dense_2 dropout_2 h_3 dense_3 dropout_3 output"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s := p.NewState(1)
	if a, b := p.Blocks[4].Of(s.Params), p.Blocks[8].Of(s.Params); slices.Equal(a, b) {
		t.Error("copies begin with the same weights")
	}
}

func TestHeadFromTarget(t *testing.T) {
	tests := []struct {
		target nn.Target
		out    nn.Output
		loss   string
		want   string
	}{
		{nn.Target{Kind: nn.Binary, Width: 1}, nn.Output{}, "", "1 sigmoid binary_cross_entropy 1"},
		{nn.Target{Kind: nn.Binary, Width: 1}, nn.Output{}, "cross_entropy", "2 softmax cross_entropy 1"},
		{nn.Target{Kind: nn.Binary, Width: 1}, nn.Output{Dense: nn.Dense{Units: 2, Activation: nn.Act("softmax")}}, "", "2 softmax cross_entropy 1"},
		{nn.Target{Kind: nn.Binary, Width: 1}, nn.Output{Dense: nn.Dense{Activation: nn.Act("step")}}, "", "1 step perceptron 1"},
		{nn.Target{Kind: nn.Binary, Width: 1}, nn.Output{Dense: nn.Dense{Activation: tanh}}, "", "1 linear mse 1"},
		{nn.Target{Kind: nn.Binary, Width: 1}, nn.Output{}, "mse", "1 linear mse 1"},
		{nn.Target{Kind: nn.Classes, Width: 3}, nn.Output{}, "", "3 softmax cross_entropy 1"},
		{nn.Target{Kind: nn.Classes, Width: 3}, nn.Output{}, "focal", "3 softmax focal 1"},
		{nn.Target{Kind: nn.Numbers, Width: 2}, nn.Output{}, "", "2 linear mse 2"},
		{nn.Target{Kind: nn.Labels, Width: 4}, nn.Output{}, "", "4 sigmoid binary_cross_entropy 4"},
	}
	for _, tt := range tests {
		p := lower(t, nn.Chain(tt.out), nn.Spec{Input: nn.Input{Numeric: 2}, Target: tt.target, Loss: nn.Loss{Name: tt.loss}})
		h := p.Head
		if got := fmt.Sprint(h.Units, " ", h.Act, " ", h.Loss.Name, " ", h.TargetWidth); got != tt.want {
			t.Errorf("%v, %s: got %s, want %s", tt.target, tt.loss, got, tt.want)
		}
	}
}

func TestErrorsNameLayerAndFix(t *testing.T) {
	d := func(n int) nn.Dense { return nn.Dense{Units: n} }
	out := nn.Output{}
	tests := []struct {
		net  nn.Network
		loss string
		want string // parts, all of them, split at |
	}{
		{nn.Chain(d(8)), "", ">> output()"},
		{nn.Chain(), "", "empty"},
		{nn.Chain(d(8), out, d(4), out), "", "second output()"},
		{nn.Chain(out, d(8)), "", "dense(8)|behind output()"},
		{nn.Chain(d(0), out), "", "dense_1|units"},
		{nn.Chain(d(8), nn.Skip{Body: nn.Chain(d(16), d(5))}, out), "", "skip_1|(8)|(5)|dense(8)|project=True|4 -> dense_1 8 -> skip_1"},
		{nn.Chain(d(8), nn.Skip{Body: nn.Chain(d(16), nn.Skip{Body: nn.Chain(d(3))})}, out), "", "skip_2|4 -> dense_1 8 -> dense_2 16 -> skip_2"},
		{nn.Chain(d(8), nn.Skip{Body: nn.Chain(out)}, out), "", "skip_1|output()"},
		{nn.Chain(nn.Skip{}, out), "", "skip_1|needs a block"},
		{nn.Chain(nn.Dense{Units: 8, MaxNorm: -1}, out), "", "dense_1|max_norm|-1"},
		{nn.Chain(d(8), nn.Embedding{}, out), "", "embedding_1|first"},
		{nn.Chain(nn.Dropout{Rate: nn.Constant(1.5)}, out), "", "dropout_1|1.5"},
		{nn.Chain(nn.Output{Dense: d(5)}), "", "output|5 units|3 classes|output(3)"},
		{nn.Chain(out), "mse", "mse|3 classes|cross_entropy"},
		{nn.Chain(nn.Output{Dense: nn.Dense{Activation: tanh}}), "", "cross_entropy|softmax|tanh"},
		{nn.Chain(nn.Dense{Units: 2, Weights: &nn.Given{Units: 2, Inputs: 3, W: make([]float64, 6)}}, out), "", "dense_1|2 x 3|2 x 4"},
		{nn.Chain(nn.Dense{Units: 2, Name: "a"}, nn.Dense{Units: 2, Name: "a"}, out), "", `"a"|name=`},
	}
	for _, tt := range tests {
		s := spec
		s.Loss.Name = tt.loss
		_, err := nn.Lower(tt.net, s)
		if err == nil {
			t.Errorf("%s: no error", tt.net)
			continue
		}
		for _, part := range strings.Split(tt.want, "|") {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: error %q lacks %q", tt.net, err, part)
			}
		}
	}
	_, err := nn.Lower(nn.Chain(d(0), out), spec)
	var layer *nn.LayerError
	if !errors.As(err, &layer) || layer.Layer != "dense_1" {
		t.Errorf("got %#v", err)
	}
}

func TestPenaltyIsPerLayerElseGlobal(t *testing.T) {
	s := spec
	s.Penalty = nn.Penalty{L2: 0.5}
	p := lower(t, nn.Chain(nn.Dense{Units: 2, Penalty: nn.Penalty{L1: 0.1}}, nn.Dense{Units: 2, Penalty: nn.Penalty{Stated: true}}, nn.Output{}), s)
	var got []string
	for _, b := range p.Blocks {
		got = append(got, fmt.Sprint(b.Name, " ", b.L1, " ", b.L2))
	}
	want := "dense_1.W 0.1 0, dense_1.b 0 0, dense_2.W 0 0, dense_2.b 0 0, output.W 0 0.5, output.b 0 0"
	if g := strings.Join(got, ", "); g != want {
		t.Errorf("got %s, want %s", g, want)
	}
	params := make([]float64, p.Size)
	params[0], params[p.Blocks[4].Offset] = -2, 3
	if got := p.Penalty(params); got != 0.1*2+0.5/2*9 {
		t.Errorf("penalty %v", got)
	}
}

func TestNetworkText(t *testing.T) {
	net := nn.Chain(
		nn.Dense{Units: 64, Activation: nn.Activation{Name: "leaky_relu", Param: 0.1}, Penalty: nn.Penalty{L2: 1e-4}, MaxNorm: 3, Frozen: true},
		nn.Dropout{Rate: nn.Constant(0.3)}, nn.Skip{Body: nn.Chain(nn.Dense{Units: 8, NoBias: true}), Project: true}, relu, nn.BatchNorm{},
		nn.Embedding{Dim: 4}, nn.Output{})
	want := "dense(64, leaky_relu(slope=0.1), l2=0.0001, max_norm=3, trainable=False) >> dropout(0.3) >> skip(dense(8, bias=False), project=True) >> relu >> batch_norm() >> embedding(4) >> output()"
	if got := net.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPlanLayout(t *testing.T) {
	s := nn.Spec{Input: nn.Input{Numeric: 3, Categories: []nn.Category{{Name: "city", Levels: 100}}}, Target: nn.Target{Kind: nn.Numbers, Width: 1}}
	p := lower(t, nn.Chain(nn.Dense{Units: 5, Activation: tanh}, nn.BatchNorm{}, nn.Skip{Body: nn.Chain(nn.Dense{Units: 4}), Project: true}, nn.Output{}), s)
	end := 0
	for _, b := range p.Blocks {
		if b.Offset != end {
			t.Errorf("%s begins at %d, want %d", b.Name, b.Offset, end)
		}
		end += b.Len()
	}
	if end != p.Size {
		t.Errorf("size %d, want %d", p.Size, end)
	}
	for i, s := range p.Steps {
		if s.Out != i+1 || s.In >= s.Out || s.In2 >= s.Out {
			t.Errorf("step %d reads %d and %d, writes %d", i, s.In, s.In2, s.Out)
		}
	}
	total := 0
	for _, l := range p.Layers {
		if l.Depth == 0 {
			total += l.Parameters
		}
	}
	if want := p.Size - 2*5; total != want { // without running statistics
		t.Errorf("layers have %d parameters, want %d", total, want)
	}
	if got := p.Layers[0].Name; got != "embedding_1" {
		t.Errorf("first layer %s: categories need an embedding", got)
	}
	if q := lower(t, nn.Chain(nn.Dense{Units: 5, Activation: relu}, nn.Output{}), s); q.Fingerprint() == p.Fingerprint() {
		t.Error("different plans have one fingerprint")
	}
}
