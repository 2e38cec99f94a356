package dsl

import (
	"fmt"
	"os"
	"runtime/metrics"
	"strconv"
	"sync"
)

// memoryEvery is after how many steps the memory in use is looked at.
const memoryEvery = 100 * stepQuantum

// memoryOver says that a cell uses more memory than the machine should give,
// empty if it does not.
func memoryOver(steps uint64) string {
	if steps%memoryEvery >= stepQuantum {
		return ""
	}
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if used := sample[0].Value.Uint64(); used > memoryLimit() {
		return fmt.Sprintf("memory: the variables take %d MB, more than this machine should give", used>>20)
	}
	return ""
}

var totalMemory = pattern(`MemTotal:\s+(\d+) kB`)

// memoryLimit is three quarters of the machine's memory where that is known,
// else 8 GiB.
var memoryLimit = sync.OnceValue(func() uint64 {
	b, err := os.ReadFile("/proc/meminfo")
	if m := totalMemory().FindSubmatch(b); err == nil && m != nil {
		if kb, err := strconv.ParseUint(string(m[1]), 10, 64); err == nil {
			return kb << 10 / 4 * 3
		}
	}
	return 8 << 30
})
