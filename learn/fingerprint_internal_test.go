package learn

import (
	"bytes"
	"testing"
)

func TestLowFirst(t *testing.T) {
	for _, tt := range []struct{ got, want []byte }{
		{lowFirst([]float32{1, -2.5}), []byte{0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0}},
		{lowFirst([]int32{1, -2}), []byte{1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff}},
		{lowFirst([]float32(nil)), nil},
	} {
		if !bytes.Equal(tt.got, tt.want) {
			t.Errorf("%x, want %x", tt.got, tt.want)
		}
	}
}
