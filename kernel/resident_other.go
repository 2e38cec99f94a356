//go:build !linux

package kernel

// forgetProgram does nothing where the standard library cannot.
func forgetProgram() error { return nil }
