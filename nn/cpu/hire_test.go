package cpu

import (
	"context"
	"runtime"
	"testing"
	"time"

	"mlpkernel/nn"
	"mlpkernel/nn/parity"
)

// TestHire has one team work in call after call of a program, until another size
// is wanted or the program is closed.
func TestHire(t *testing.T) {
	plan, err := nn.Lower(nn.Chain(nn.Output{}), nn.Spec{Input: nn.Input{Numeric: 5}, Target: nn.Target{Kind: nn.Classes, Width: 3}})
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := New().Compile(plan, nn.Options{BatchSize: 64, Threads: 3})
	if err != nil {
		t.Fatal(err)
	}
	p, data := compiled.(*program), parity.Rows(plan, 64, 1)
	if err := p.Load([]nn.Replica{{State: plan.NewState(1), Data: data}}); err != nil {
		t.Fatal(err)
	}
	use := func(rows int) *team {
		_, err1 := p.Train(context.Background(), nn.Chunk{Steps: 2})
		_, err2 := p.Predict(context.Background(), 0, &nn.Data{Rows: rows, X: data.X[:rows*5]}, nn.Mode{})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		return p.team
	}
	before := settled()
	first := use(64)
	if again := use(64); again != first || first.size != 3 || first.stopped.Load() {
		t.Errorf("another team of %d, where one of %d was there", again.size, first.size)
	}
	if n := settled() - before; n != 2 {
		t.Errorf("%d threads beside the caller's, want 2", n)
	}
	use(1) // by the caller alone
	if p.team != first {
		t.Error("the caller alone ends the team")
	}
	fewer := use(32)
	if fewer == first || fewer.size != 2 || !first.stopped.Load() {
		t.Errorf("a team of %d, and that before is ended: %t", fewer.size, first.stopped.Load())
	}
	if p.Close(); !fewer.stopped.Load() {
		t.Error("Close leaves threads behind")
	}
	if n := settled() - before; n != 0 {
		t.Errorf("%d threads are left", n)
	}
}

// settled is the number of goroutines, once it stays.
func settled() int {
	n := runtime.NumGoroutine()
	for was := -1; was != n; n = runtime.NumGoroutine() {
		was = n
		time.Sleep(20 * time.Millisecond)
	}
	return n
}
