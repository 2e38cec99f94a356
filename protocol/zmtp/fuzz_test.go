package zmtp

import (
	"bufio"
	"bytes"
	"testing"
)

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("\x00\x02hi"))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x10\x00\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		const limit = 8 << 20
		flags, body, err := readFrame(bufio.NewReader(bytes.NewReader(in)), limit)
		if err != nil {
			return
		}
		var o outgoing
		o.add(flags&^flagLong, body)
		out := bytes.Join(o.parts, nil)
		again, same, err := readFrame(bufio.NewReader(bytes.NewReader(out)), limit)
		if err != nil || again&^flagLong != flags&^flagLong || !bytes.Equal(same, body) {
			t.Fatalf("%x reads as %x, %v", out, same, err)
		}
	})
}

func FuzzReady(f *testing.F) {
	f.Add(properties("Socket-Type", "DEALER", "Identity", "x"))
	f.Fuzz(func(t *testing.T, in []byte) {
		props, err := parseProperties(in)
		if (props == nil) == (err == nil) {
			t.Fatalf("got %v, %v", props, err)
		}
	})
}
