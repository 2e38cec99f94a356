package zmtp

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// Frame flags, ZMTP 3.0 section "Framing".
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// firstPiece is how much of a long frame is allocated before any of it came.
const firstPiece = 1 << 20

// readFrame reads one frame of at most limit bytes. Its buffer is never more
// than about twice what has arrived.
func readFrame(r *bufio.Reader, limit uint64) (flags byte, body []byte, err error) {
	flags, n, err := readHeader(r)
	if err != nil {
		return 0, nil, err
	}
	if n > limit {
		return 0, nil, fmt.Errorf("a frame of %d bytes is over the limit of %d", n, limit)
	}
	body = make([]byte, min(n, firstPiece))
	if _, err := io.ReadFull(r, body); err != nil {
		return 0, nil, err
	}
	for have := uint64(len(body)); have < n; have = uint64(len(body)) {
		body = append(body, make([]byte, min(n-have, have))...)
		if _, err := io.ReadFull(r, body[have:]); err != nil {
			return 0, nil, err
		}
	}
	return flags, body, nil
}

func readHeader(r *bufio.Reader) (flags byte, n uint64, err error) {
	flags, err = r.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 || flags&(flagMore|flagCommand) == flagMore|flagCommand {
		return 0, 0, fmt.Errorf("frame flags %#x are not of ZMTP 3", flags)
	}
	if flags&flagLong == 0 {
		c, err := r.ReadByte()
		return flags, uint64(c), err
	}
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, 0, err
	}
	return flags, binary.BigEndian.Uint64(b[:]), nil
}

// appendHeader appends the header of a frame of n bytes.
func appendHeader(dst []byte, flags byte, n int) []byte {
	if n > 255 {
		return binary.BigEndian.AppendUint64(append(dst, flags|flagLong), uint64(n))
	}
	return append(dst, flags, byte(n))
}

// wire returns the pieces of a message as they go over the wire, headers
// between the frames, which it does not copy.
func wire(frames [][]byte) [][]byte {
	pieces := make([][]byte, 0, 2*len(frames))
	headers := make([]byte, 0, 9*len(frames))
	for i, f := range frames {
		flags := byte(flagMore)
		if i == len(frames)-1 {
			flags = 0
		}
		start := len(headers)
		headers = appendHeader(headers, flags, len(f))
		pieces = append(pieces, headers[start:len(headers):len(headers)], f)
	}
	return pieces
}

// command returns a command frame as it goes over the wire.
func command(name string, data []byte) []byte {
	body := append(append([]byte{byte(len(name))}, name...), data...)
	return append(appendHeader(nil, flagCommand, len(body)), body...)
}

// parseCommand splits the body of a command frame.
func parseCommand(body []byte) (name string, data []byte, ok bool) {
	if len(body) == 0 || 1+int(body[0]) > len(body) {
		return "", nil, false
	}
	n := 1 + int(body[0])
	return string(body[1:n]), body[n:], true
}
