package kernel

import (
	"os"
	"os/signal"
	"syscall"
)

// event is something that happens to a kernel process from outside.
type event int

const (
	interrupted event = iota
	ended             // by a signal or by the end of the parent
)

// processEvents catches the signals of the process and watches its parent
// until stop is called.
func processEvents() (events <-chan event, stop func()) {
	ch := make(chan event, 8)
	done := make(chan struct{})
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	send := func(e event) {
		select {
		case ch <- e:
		case <-done:
		}
	}
	go func() {
		for {
			select {
			case s := <-signals:
				e := ended
				if s == os.Interrupt {
					e = interrupted
				}
				send(e)
			case <-done:
				return
			}
		}
	}()
	watchParent(send, done)
	return ch, func() {
		signal.Stop(signals)
		close(done)
	}
}
