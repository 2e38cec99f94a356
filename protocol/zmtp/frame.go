package zmtp

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
)

// Bits of the flags of a frame.
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// firstRead is the largest buffer made before the bytes for it have come;
// from there on the buffer doubles as it fills.
const firstRead = 1 << 20

// readFrame reads a frame of at most limit bytes. It never makes a buffer
// larger than firstRead or twice what has arrived.
func readFrame(r *bufio.Reader, limit int) (flags byte, body []byte, err error) {
	if flags, err = r.ReadByte(); err != nil {
		return 0, nil, err
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 || flags&flagCommand != 0 && flags&flagMore != 0 {
		return 0, nil, fmt.Errorf("frame flags are %#x", flags)
	}
	n, err := readSize(r, flags)
	if err != nil {
		return 0, nil, err
	}
	if n > uint64(limit) {
		return 0, nil, fmt.Errorf("a frame of %d bytes is over the limit of %d", n, limit)
	}
	body, err = readBody(r, int(n))
	return flags, body, err
}

func readSize(r *bufio.Reader, flags byte) (uint64, error) {
	if flags&flagLong == 0 {
		n, err := r.ReadByte()
		return uint64(n), unexpected(err)
	}
	var b [8]byte
	_, err := io.ReadFull(r, b[:])
	return binary.BigEndian.Uint64(b[:]), unexpected(err)
}

func readBody(r *bufio.Reader, n int) ([]byte, error) {
	body := make([]byte, min(n, firstRead))
	for read := 0; ; {
		k, err := io.ReadFull(r, body[read:])
		if err != nil {
			return nil, unexpected(err)
		}
		read += k
		if read == n {
			return body, nil
		}
		grown := make([]byte, min(n, 2*read))
		copy(grown, body)
		body = grown
	}
}

// unexpected turns an end of file amid a frame into an error that says so.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// outgoing is a message as it goes on the wire: headers and bodies of frames
// in turn. Several peers may share it.
type outgoing struct {
	parts net.Buffers
	size  int
}

// overhead is about what a queued message costs beyond its bytes.
const overhead = 256

// message returns the frames of a message for the wire.
func message(frames [][]byte) outgoing {
	o := outgoing{parts: make(net.Buffers, 0, 2*len(frames)), size: overhead}
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = flagMore
		}
		o.add(flags, f)
	}
	return o
}

// command returns a command for the wire.
func command(name string, body []byte) outgoing {
	f := append(append([]byte{byte(len(name))}, name...), body...)
	o := outgoing{size: overhead}
	o.add(flagCommand, f)
	return o
}

func (o *outgoing) add(flags byte, body []byte) {
	var h []byte
	if len(body) > 255 {
		h = binary.BigEndian.AppendUint64([]byte{flags | flagLong}, uint64(len(body)))
	} else {
		h = []byte{flags, byte(len(body))}
	}
	o.parts = append(o.parts, h)
	if len(body) > 0 {
		o.parts = append(o.parts, body)
	}
	o.size += len(h) + len(body)
}

// splitCommand returns the name and the data of a command frame.
func splitCommand(f []byte) (name string, data []byte, ok bool) {
	if len(f) == 0 || len(f) < 1+int(f[0]) {
		return "", nil, false
	}
	n := 1 + int(f[0])
	return string(f[1:n]), f[n:], true
}
