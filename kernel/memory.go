package kernel

import (
	"runtime/debug"
	"sync"
	"time"
)

// After a message of largeMessage bytes or more, memory that is free goes back
// to the system, once none has passed for giveBack; Go alone would keep it for
// minutes.
const (
	largeMessage = 4 << 20
	giveBack     = 300 * time.Millisecond
)

// memory gives memory back after large messages.
type memory struct {
	mu    sync.Mutex
	timer *time.Timer
}

func newMemory() *memory {
	t := time.AfterFunc(time.Hour, debug.FreeOSMemory)
	t.Stop()
	return &memory{timer: t}
}

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
