//go:build !unix

package main

import "time"

// cpuTime is wall time where the system's call is another.
func cpuTime() time.Duration { return wallTime() }
