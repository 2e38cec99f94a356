package nn

import "sync/atomic"

// Faults carries panics from goroutines to the one that waits for them, which
// alone has somebody to recover. The zero value is ready:
//
//	go func() { defer wg.Done(); defer faults.Catch(); … }()
//	wg.Wait()
//	faults.Raise()
type Faults struct{ first atomic.Pointer[any] }

// Catch is deferred on a goroutine: it ends a panic and keeps the first.
func (f *Faults) Catch() {
	if p := recover(); p != nil {
		kept := p // p itself would be on the heap where nothing is caught, too
		f.first.CompareAndSwap(nil, &kept)
	}
}

// Raise panics again with what was caught since the last time, if anything was.
func (f *Faults) Raise() {
	if p := f.first.Swap(nil); p != nil {
		panic(*p)
	}
}
