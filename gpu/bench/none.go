//go:build !(cuda && linux && cgo)

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: built without CUDA; gpu/bench/run.sh builds with it")
	os.Exit(1)
}
