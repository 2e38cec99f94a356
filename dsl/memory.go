package dsl

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
)

// memoryEvery is after how many steps the memory in use is looked at.
const memoryEvery = 100 * stepQuantum

// memoryOver says that a cell uses more memory than the machine should give,
// empty if it does not.
func memoryOver(steps uint64) string {
	if steps%memoryEvery >= stepQuantum || memoryUsed() <= memoryLimit() {
		return ""
	}
	runtime.GC()
	if used := memoryUsed(); used > memoryLimit() {
		return fmt.Sprintf("memory: the variables take %.0f MB, more than this machine should give", used/1e6)
	}
	return ""
}

// largeBytes is from what size on a value is worth a look at the memory.
const largeBytes = 1 << 20

// afford refuses a value of so many bytes for which there is no memory.
func afford(bytes float64, what string) error {
	if memoryUsed()+bytes <= memoryLimit() {
		return nil
	}
	runtime.GC()
	if used := memoryUsed(); used+bytes > memoryLimit() {
		return Errorf("MemoryError", "%s takes %.3g MB, and the variables take %.0f MB; this machine should give %.0f MB", what, bytes/1e6, used/1e6, memoryLimit()/1e6)
	}
	return nil
}

// memoryUsed is how many bytes values take, also those that nothing refers to any more.
func memoryUsed() float64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return float64(sample[0].Value.Uint64())
}

// memoryLimit is what GOMEMLIMIT says, else three quarters of the machine's
// or container's memory where that is known, else 8 GiB.
func memoryLimit() float64 {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return float64(limit)
	}
	return machineLimit()
}

var totalMemory = pattern(`MemTotal:\s+(\d+) kB`)

var machineLimit = sync.OnceValue(func() float64 {
	limit := math.Inf(1)
	b, err := os.ReadFile("/proc/meminfo")
	if m := totalMemory().FindSubmatch(b); err == nil && m != nil {
		if kb, err := strconv.ParseFloat(string(m[1]), 64); err == nil {
			limit = kb * 1024
		}
	}
	b, err = os.ReadFile("/sys/fs/cgroup/memory.max")
	if bytes, notNumber := strconv.ParseFloat(strings.TrimSpace(string(b)), 64); err == nil && notNumber == nil {
		limit = min(limit, bytes)
	}
	if math.IsInf(limit, 1) {
		return 8 << 30
	}
	return limit / 4 * 3
})
