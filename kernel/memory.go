package kernel

import (
	"runtime/debug"
	"sync"
	"time"
)

// After the start, and after messages of muchPassed bytes in all, memory that
// is free goes back to the system, once no message has passed for giveBack; Go
// alone would keep it for minutes.
const (
	muchPassed = 4 << 20
	giveBack   = 300 * time.Millisecond
)

// memory gives memory back to the system.
type memory struct {
	mu    sync.Mutex
	bytes int // of messages since memory was last given back
	timer *time.Timer
}

func newMemory(logf func(string, ...any)) *memory {
	m := &memory{}
	m.timer = time.AfterFunc(time.Hour, func() {
		m.mu.Lock()
		m.bytes = 0
		m.mu.Unlock()
		debug.FreeOSMemory()
		if err := forgetProgram(); err != nil {
			logf("kernel: memory of the program's file stays: %v", err)
		}
	})
	m.timer.Stop()
	return m
}

// started notes that the kernel has started.
func (m *memory) started() { m.passed(muchPassed) }

// passed notes a message of n bytes.
func (m *memory) passed(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bytes += n; m.bytes >= muchPassed {
		m.timer.Reset(giveBack)
	}
}

func (m *memory) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timer.Stop()
}
