//go:build cuda && linux && cgo

package gpu

import (
	"testing"
	"unsafe"
)

// TestLayout asserts that the structs have the sizes that tape.h asserts too.
func TestLayout(t *testing.T) {
	for _, s := range []struct {
		name      string
		got, want uintptr
	}{
		{"ins", unsafe.Sizeof(ins{}), insBytes},
		{"stepInfo", unsafe.Sizeof(stepInfo{}), stepBytes},
		{"mask", unsafe.Sizeof(mask{}), maskBytes},
		{"rep", unsafe.Sizeof(rep{}), repBytes},
		{"job", unsafe.Sizeof(job{}), jobBytes},
	} {
		if s.got != s.want {
			t.Errorf("%s has %d bytes, want %d", s.name, s.got, s.want)
		}
	}
}
