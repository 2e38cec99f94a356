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

// maxReady is the limit of the frame before a peer has introduced itself.
const maxReady = 4 << 10

// handshake greets a peer and returns the properties of its READY, names in
// lower case. The greeting is written whole before anything is read, since
// libzmq waits for it after ten bytes of its own.
func handshake(c net.Conn, r *bufio.Reader, socketType string, peers []string) (map[string]string, error) {
	if _, err := c.Write(greeting()); err != nil {
		return nil, err
	}
	if err := readGreeting(r); err != nil {
		return nil, err
	}
	ready := property(nil, "Socket-Type", socketType)
	ready = property(ready, "Identity", "")
	if _, err := c.Write(command("READY", ready)); err != nil {
		return nil, err
	}
	flags, body, err := readFrame(r, maxReady)
	if err != nil {
		return nil, err
	}
	name, data, ok := parseCommand(body)
	if flags&flagCommand == 0 || !ok || name != "READY" {
		return nil, errors.New("want the command READY after the greeting")
	}
	props, err := parseProperties(data)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(peers, props["socket-type"]) {
		return nil, fmt.Errorf("a %q cannot talk to a %s", props["socket-type"], socketType)
	}
	return props, nil
}

func greeting() []byte {
	g := make([]byte, 64)
	g[0], g[8], g[9] = 0xff, 1, 0x7f
	g[10] = 3 // version 3.0
	copy(g[12:], "NULL")
	return g
}

func readGreeting(r *bufio.Reader) error {
	var g [64]byte
	if _, err := io.ReadFull(r, g[:10]); err != nil {
		return err
	}
	if g[0] != 0xff || g[9]&1 == 0 {
		return errors.New("not a ZMTP greeting")
	}
	if _, err := io.ReadFull(r, g[10:]); err != nil {
		return err
	}
	if mechanism := string(bytes.TrimRight(g[12:32], "\x00")); g[10] < 3 || mechanism != "NULL" {
		return fmt.Errorf("got ZMTP version %d with mechanism %q, want 3 with NULL", g[10], mechanism)
	}
	return nil
}

func property(dst []byte, name, value string) []byte {
	dst = append(append(dst, byte(len(name))), name...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(value)))
	return append(dst, value...)
}

func parseProperties(b []byte) (map[string]string, error) {
	props := map[string]string{}
	for len(b) > 0 {
		n := int(b[0])
		if len(b) < 1+n+4 {
			return nil, errors.New("a property's name passes the end of READY")
		}
		name := strings.ToLower(string(b[1 : 1+n]))
		size := binary.BigEndian.Uint32(b[1+n:])
		b = b[1+n+4:]
		if uint64(size) > uint64(len(b)) {
			return nil, errors.New("a property's value passes the end of READY")
		}
		props[name], b = string(b[:size]), b[size:]
	}
	return props, nil
}
