package kernel

import (
	"runtime/debug"
	"sync"
	"time"
)

// After the start, and after a message of largeMessage bytes or more, memory
// that is free goes back to the system, once nothing of the kind has happened
// for giveBack; Go alone would keep it for minutes.
const (
	largeMessage = 4 << 20
	giveBack     = 300 * time.Millisecond
)

// memory gives memory back to the system.
type memory struct {
	mu    sync.Mutex
	timer *time.Timer
}

func newMemory(logf func(string, ...any)) *memory {
	t := time.AfterFunc(time.Hour, func() {
		debug.FreeOSMemory()
		if err := forgetProgram(); err != nil {
			logf("kernel: memory of the program's file stays: %v", err)
		}
	})
	t.Stop()
	return &memory{timer: t}
}

// started notes that the kernel has started.
func (m *memory) started() { m.passed(largeMessage) }

// passed notes a message of n bytes.
func (m *memory) passed(n int) {
	if n < largeMessage {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timer.Reset(giveBack)
}

func (m *memory) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timer.Stop()
}
