package zmtp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
)

const (
	greetingSize = 64
	signature    = 10      // bytes of the greeting that libzmq sends before it waits
	maxReady     = 4 << 10 // bytes of a peer's READY
	maxIdentity  = 255
)

// greeting is what both sides send first: signature, version 3.0, mechanism
// NULL, and not as a server.
func greeting() []byte {
	g := make([]byte, greetingSize)
	g[0], g[8], g[9], g[10] = 0xff, 1, 0x7f, 3
	copy(g[12:], "NULL")
	return g
}

// handshake makes a connection a peer: greetings, then READY. It returns the
// identity that the peer claims, empty if none.
func handshake(c net.Conn, r *bufio.Reader, socketType string, partners []string) (identity string, err error) {
	// libzmq waits for our first 11 bytes before it sends its last 54.
	if _, err := c.Write(greeting()); err != nil {
		return "", err
	}
	if err := readGreeting(r); err != nil {
		return "", err
	}
	ready := command("READY", properties("Socket-Type", socketType, "Identity", ""))
	if _, err := ready.parts.WriteTo(c); err != nil {
		return "", err
	}
	flags, f, err := readFrame(r, maxReady)
	if err != nil {
		return "", err
	}
	name, data, ok := splitCommand(f)
	if flags&flagCommand == 0 || !ok || name != "READY" {
		return "", errors.New("the handshake has no READY")
	}
	props, err := parseProperties(data)
	if err != nil {
		return "", err
	}
	if t := props["socket-type"]; !slices.Contains(partners, t) {
		return "", fmt.Errorf("a %.20q does not talk to a %s", t, socketType)
	}
	if id := props["identity"]; len(id) <= maxIdentity {
		return id, nil
	}
	return "", errors.New("the identity is longer than 255 bytes")
}

func readGreeting(r *bufio.Reader) error {
	var g [greetingSize]byte
	if _, err := io.ReadFull(r, g[:signature]); err != nil {
		return err
	}
	if g[0] != 0xff || g[9]&1 == 0 {
		return errors.New("the greeting is not ZMTP's")
	}
	if _, err := io.ReadFull(r, g[signature:]); err != nil {
		return err
	}
	if g[10] < 3 {
		return fmt.Errorf("the peer speaks ZMTP %d, want 3", g[10])
	}
	if m := bytes.TrimRight(g[12:32], "\x00"); string(m) != "NULL" {
		return fmt.Errorf("the mechanism is %q, want NULL", m)
	}
	return nil
}

// properties returns names and values as the body of a READY.
func properties(pairs ...string) (b []byte) {
	for i := 0; i+1 < len(pairs); i += 2 {
		b = append(append(b, byte(len(pairs[i]))), pairs[i]...)
		b = binary.BigEndian.AppendUint32(b, uint32(len(pairs[i+1])))
		b = append(b, pairs[i+1]...)
	}
	return b
}

// parseProperties returns the properties of a READY by their names in lower case.
func parseProperties(b []byte) (map[string]string, error) {
	props := map[string]string{}
	for len(b) > 0 {
		n := int(b[0])
		if len(b) < 1+n+4 {
			return nil, errors.New("a property of READY is cut short")
		}
		name := strings.ToLower(string(b[1 : 1+n]))
		size := binary.BigEndian.Uint32(b[1+n:])
		b = b[1+n+4:]
		if uint64(size) > uint64(len(b)) {
			return nil, errors.New("the value of a property of READY is cut short")
		}
		props[name], b = string(b[:size]), b[size:]
	}
	return props, nil
}
