package dsl_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mlpkernel/cell"
	"mlpkernel/display"
)

// film is a host that keeps every frame of the one output that can be updated.
type film struct {
	screen
	lock   sync.Mutex
	id     string
	frames []frame
}

type frame struct {
	at     time.Time
	first  bool // displayed, not an update
	bundle display.Bundle
}

func (f *film) Display(b display.Bundle, id string) { f.take(b, id, true) }
func (f *film) Update(b display.Bundle, id string)  { f.take(b, id, false) }

func (f *film) take(b display.Bundle, id string, first bool) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if first {
		f.id = id
	}
	if id == f.id {
		f.frames = append(f.frames, frame{time.Now(), first, b})
	}
}

// shoot runs a cell and checks the rules of live output: one output, no frame
// sooner than a tenth of a second after the one before, frames without PNG, and
// the last one whole.
func shoot(t *testing.T, setup, src string) []frame {
	t.Helper()
	nb, f := newNotebook(t), &film{}
	if out := nb.run(setup); out != "" {
		t.Fatal(out)
	}
	if _, err := nb.s.Execute(context.Background(), cell.Code{Source: src, Count: 2}, f); err != nil {
		t.Fatal(err)
	}
	for i, x := range f.frames {
		if x.first != (i == 0) {
			t.Errorf("frame %d of %d: displayed anew is %t", i+1, len(f.frames), x.first)
		}
		last := i == len(f.frames)-1
		if _, png := x.bundle.Data["image/png"]; png != last {
			t.Errorf("frame %d of %d: PNG is there: %t", i+1, len(f.frames), png)
		}
		if i > 0 && !last && x.at.Sub(f.frames[i-1].at) < 100*time.Millisecond {
			t.Errorf("frame %d comes %v after the one before", i+1, x.at.Sub(f.frames[i-1].at))
		}
	}
	if len(f.frames) == 0 {
		t.Fatal("nothing was shown")
	}
	return f.frames
}

const liveData = "t = dataset(\"moons\", n=400, seed=1)\nnet = dense(16, tanh) >> output()"

// TestLive watches trainings short and longer.
func TestLive(t *testing.T) {
	short := shoot(t, liveData, "m = fit(net, t, \"class\", epochs=3, validation=0.2, seed=1)")
	if n := len(short); !strings.Contains(short[n-1].bundle.Plain(), "3 epochs") {
		t.Errorf("the last frame says %q", short[n-1].bundle.Plain())
	}
	var long []frame
	for pause := 0.02; len(long) < 3; pause *= 5 { // the slower the machine draws, the fewer frames it shows
		if pause > 5 {
			t.Fatalf("a training of minutes shows %d frames", len(long))
		}
		long = shoot(t, liveData, fmt.Sprintf("def slow(e): sleep(%g)\nm = fit(net, t, \"class\", epochs=30, validation=0.2, seed=1, on_epoch=slow)", pause))
	}
	middle := long[1].bundle
	if svg, _ := middle.Data["image/svg+xml"].(string); !strings.Contains(svg, "of 30") || !strings.Contains(middle.Plain(), "of 30") || len(middle.Volatile) == 0 {
		t.Errorf("a frame says %q", middle.Plain())
	}
	if last := long[len(long)-1].bundle.Plain(); !strings.Contains(last, "30 epochs") {
		t.Errorf("the last frame says %q", last)
	}
}

// TestLiveComparison watches several trainings in one picture, by name.
func TestLiveComparison(t *testing.T) {
	frames := shoot(t, liveData, "compare({\"slow rate\": trial(net, optimizer=sgd(0.01), epochs=20), \"adam\": trial(net, epochs=20)}, t, \"class\", seeds=2)")
	last := frames[len(frames)-1].bundle
	svg, _ := last.Data["image/svg+xml"].(string)
	for _, want := range []string{"slow rate validation", "adam training"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture does not name %q", want)
		}
	}
	if !strings.Contains(last.Plain(), "4 trainings in") || !strings.Contains(last.Plain(), "adam: 20 epochs") {
		t.Errorf("the text says %q", last.Plain())
	}
}
