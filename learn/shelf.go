package learn

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"weak"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Shelf keeps rows made ready for the next training that sees the same table in
// the same way: another network, other options of the training. It keeps the
// rows used last, up to a limit, and those of a table no longer than the table
// lives. Results are the same with and without one. The zero value is ready,
// and its methods may be called from several goroutines.
type Shelf struct {
	mu   sync.Mutex
	kept []*shelved // the last used at the end
}

// What is left on a shelf when a training or an experiment is done.
const (
	mostShelved  = 4
	bytesShelved = 256 << 20
)

// shelved is rows made ready.
type shelved struct {
	key   rowsKey
	ready func() (readied, error) // who comes first makes them, others wait
	// What is known once they are made; else zero.
	prep  weak.Pointer[table.Fitted]
	bytes int
	// freeing takes them from the shelf when a table of theirs is gone.
	freeing []runtime.Cleanup
}

// rowsKey is the same for trainings that see the same rows in the same way.
// Tables are known by their place, since they never change.
type rowsKey struct {
	data, watched, classesOf weak.Pointer[table.Table]
	prep                     weak.Pointer[table.Fitted] // of the model to go on from, or kept; else none
	features                 string                     // names, a zero byte between
	way                      string
}

// rowsKey is the key of the rows that the job is to see.
func (j *job) rowsKey(base *Model) rowsKey {
	o, t := j.opts, j.settings
	seed := t.validationSeed()
	if t.ValidationShare == 0 {
		seed = 0 // no draw is made
	}
	var loss nn.Loss
	if t.LossGiven { // else it comes from what the key has: target and output
		loss = t.Loss
	}
	k := rowsKey{data: weak.Make(o.Data), watched: weak.Make(j.watched), classesOf: weak.Make(o.classesOf), features: strings.Join(t.Features, "\x00")}
	kept, keeps := o.Prep.(table.Kept)
	switch {
	case base != nil:
		k.prep = weak.Make(base.coder.prep)
	case keeps: // and learns the target
		k.prep = weak.Make(kept.Fitted)
	}
	k.way = fmt.Sprintf("%t %q %q %v %q %q %d %#v %q %v", keeps && base == nil, t.Target, t.Positive, t.ValidationShare,
		t.Prep, t.SampleWeight, seed, t.ClassWeight, outputActivation(j.net).Name, loss)
	return k
}

// get gives the rows of this key, or makes them. Without a shelf it makes them,
// and where another training could not: its network may be the reason.
func (s *Shelf) get(key rowsKey, ready func() (readied, error)) (readied, error) {
	if s == nil {
		return ready()
	}
	tried := false
	e := s.entry(key, func() (readied, error) {
		tried = true
		return ready()
	})
	r, err := e.ready()
	if err != nil && !tried {
		return ready()
	}
	if err == nil {
		s.mu.Lock()
		e.prep, e.bytes = weak.Make(r.coder.prep), r.bytes()
		s.mu.Unlock()
	}
	return r, err
}

func (s *Shelf) entry(key rowsKey, ready func() (readied, error)) *shelved {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.kept, func(e *shelved) bool { return e.has(key) }); i >= 0 {
		e := s.kept[i]
		s.kept = append(slices.Delete(s.kept, i, i+1), e)
		return e
	}
	e := &shelved{key: key, ready: sync.OnceValues(ready)}
	s.kept = append(s.kept, e)
	for _, t := range []weak.Pointer[table.Table]{key.data, key.watched} {
		if t := t.Value(); t != nil {
			e.freeing = append(e.freeing, runtime.AddCleanup(t, s.forget, key))
		}
	}
	return e
}

// has tells whether these are rows of the key: those that a model goes on with
// are also those that it was trained on, if its preparation was learnt from them.
func (e *shelved) has(key rowsKey) bool {
	if key.prep != (weak.Pointer[table.Fitted]{}) && key.prep == e.prep {
		key.prep = e.key.prep
	}
	return key == e.key
}

// forget takes the rows of a key away.
func (s *Shelf) forget(key rowsKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.kept, func(e *shelved) bool { return e.key == key }); i >= 0 {
		s.drop(i)
	}
}

// drop takes away what is at a place.
func (s *Shelf) drop(i int) {
	for _, c := range s.kept[i].freeing {
		c.Stop()
	}
	s.kept = slices.Delete(s.kept, i, i+1)
}

// tidy takes away what is beyond the limits, or could not be made. It is called
// when a training or an experiment is done: until then its rows are in use.
func (s *Shelf) tidy() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	count, bytes := 0, 0
	for i := len(s.kept) - 1; i >= 0; i-- {
		e := s.kept[i]
		if count+1 > mostShelved || e.bytes == 0 || bytes+e.bytes > bytesShelved {
			s.drop(i)
			continue
		}
		count, bytes = count+1, bytes+e.bytes
	}
}

// readied are rows made ready and what was learnt from them. Trainings share
// them and change nothing in them.
type readied struct {
	coder        coder
	train, valid *rows         // valid is nil if there are none
	data         func() string // fingerprint of the rows
	counts       RowCounts
	divided      []string        // notes on how the rows were divided,
	learnt       []string        // on what was learnt from them,
	encoded      []string        // on what others have that they had not
	warnings     []table.Warning // about the training rows
}

// bytes is about how much memory the rows take.
func (r *readied) bytes() int {
	n := 1
	for _, x := range []*rows{r.train, r.valid} {
		if x != nil {
			d := x.data
			n += 4*(len(d.X)+len(d.C)+len(d.Y)+len(d.W)+len(x.truth.class)) + 8*len(x.truth.y)
		}
	}
	return n
}
