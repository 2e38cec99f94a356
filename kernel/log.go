package kernel

import (
	"sync"
	"time"
)

// logBurst is how many lines go to the log in a second, so that a peer that
// sends nonsense without end does not fill the disk.
const logBurst = 20

// limitLog returns logf with at most logBurst lines a second; the first line
// after some were left out says how many.
func limitLog(logf func(string, ...any)) func(string, ...any) {
	var mu sync.Mutex
	var second time.Time
	var lines, dropped int
	return func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(second) >= time.Second {
			second, lines = now, 0
			if dropped > 0 {
				logf("kernel: %d lines left out", dropped)
				dropped = 0
			}
		}
		if lines++; lines > logBurst {
			dropped++
			return
		}
		logf(format, args...)
	}
}
