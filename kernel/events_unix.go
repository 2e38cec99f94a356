//go:build !windows

package kernel

import (
	"os"
	"strconv"
	"time"
)

// watchParent sends ended when the parent is no longer the process that
// JPY_PARENT_PID names, so that a front end that is killed leaves no kernel.
// If the parent never was that process, another has adopted the kernel on
// purpose, or a wrapper stands between.
func watchParent(send func(event), done <-chan struct{}) {
	parent, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || parent != os.Getppid() {
		return
	}
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if os.Getppid() != parent {
					send(ended)
					return
				}
			case <-done:
				return
			}
		}
	}()
}
