package kernel

import (
	"os"
	"runtime"
	"sync"
	"time"

	"mlpkernel/protocol"
)

// usage measures what the process uses, for the resource panel of a front end.
type usage struct {
	mu   sync.Mutex
	at   time.Time     // of the last measurement
	used time.Duration // of CPU until then
}

// measure returns the use now; the CPU's is the mean since the last call.
func (u *usage) measure() protocol.Usage {
	u.mu.Lock()
	defer u.mu.Unlock()
	name, _ := os.Hostname() // empty if it has none
	out := protocol.Usage{Hostname: name, PID: os.Getpid(), CPUCount: runtime.NumCPU(), VirtualMemory: hostMemory()}
	if rss, ok := resident(); ok {
		out.KernelMemory = &rss
	}
	if used, ok := cpuTime(); ok {
		now := time.Now()
		percent := 0.0
		if !u.at.IsZero() {
			percent = 100 * float64(used-u.used) / float64(now.Sub(u.at))
		}
		out.KernelCPU = &percent
		u.at, u.used = now, used
	}
	return out
}
