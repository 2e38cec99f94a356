//go:build !linux

package kernel

import (
	"time"

	"mlpkernel/protocol"
)

// The standard library tells these on Linux alone; front ends do without.

func resident() (int64, bool) { return 0, false }

func cpuTime() (time.Duration, bool) { return 0, false }

func hostMemory() *protocol.HostMemory { return nil }
