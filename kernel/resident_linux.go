package kernel

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// forgetProgram takes the pages of the program's file out of the process's
// memory: most were read once, when the packages were initialised. Those that
// are used again come back from the system's cache of the file.
func forgetProgram() error {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return err
	}
	defer maps.Close()
	s := bufio.NewScanner(maps)
	for s.Scan() {
		var from, to uintptr
		var mode string
		if !strings.HasSuffix(s.Text(), program) {
			continue
		}
		if _, err := fmt.Sscanf(s.Text(), "%x-%x %s", &from, &to, &mode); err != nil {
			return err
		}
		if strings.Contains(mode, "w") {
			continue // variables, which the file does not hold
		}
		if _, _, e := syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED); e != 0 {
			return e
		}
	}
	return s.Err()
}
