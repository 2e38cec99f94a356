package kernel

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"mlpkernel/protocol"
)

// resident returns the bytes of memory the process has.
func resident() (n int64, ok bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	var size int64
	if _, err := fmt.Sscan(string(text), &size, &n); err != nil {
		return 0, false
	}
	return n * int64(os.Getpagesize()), true
}

// cpuTime returns the CPU time of the process so far.
func cpuTime() (time.Duration, bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}

// hostMemory reads /proc/meminfo; nil if that cannot be read.
func hostMemory() *protocol.HostMemory {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return nil
	}
	fields := map[string]int64{}
	for l := range strings.Lines(string(text)) {
		var name string
		var kib int64
		if _, err := fmt.Sscan(l, &name, &kib); err == nil {
			fields[name] = kib << 10
		}
	}
	m := &protocol.HostMemory{Total: fields["MemTotal:"], Available: fields["MemAvailable:"], Free: fields["MemFree:"]}
	if m.Total == 0 {
		return nil
	}
	m.Used = m.Total - m.Available
	m.Percent = 100 * float64(m.Used) / float64(m.Total)
	return m
}
