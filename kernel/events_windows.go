package kernel

import (
	"os"
	"strconv"
	"syscall"
)

// watchParent watches two handles that Jupyter hands down on Windows:
// JPY_PARENT_PID is one of the parent process, JPY_INTERRUPT_EVENT one of an
// event that stands for SIGINT and resets itself.
func watchParent(send func(event), done <-chan struct{}) {
	watchHandle("JPY_PARENT_PID", done, func() bool { send(ended); return false })
	watchHandle("JPY_INTERRUPT_EVENT", done, func() bool { send(interrupted); return true })
}

// watchHandle calls f whenever a handle is signalled, until f returns false.
func watchHandle(variable string, done <-chan struct{}, f func() bool) {
	h, err := strconv.ParseUint(os.Getenv(variable), 10, 64)
	if err != nil || h == 0 {
		return
	}
	const milliseconds = 1000 // between two looks at done
	go func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			e, err := syscall.WaitForSingleObject(syscall.Handle(h), milliseconds)
			if err != nil || e == syscall.WAIT_OBJECT_0 && !f() {
				return
			}
		}
	}()
}
