package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// delimiter separates the routing prefix of a message from its parts.
const delimiter = "<IDS|MSG>"

// Why a message is refused before its JSON is looked at.
var (
	ErrSignature = errors.New("protocol: the signature does not fit the message")
	ErrReplay    = errors.New("protocol: a message with this signature came before")
)

// FrameError tells which part of an incoming message is malformed.
type FrameError struct {
	Part string // "frames", "header", "parent_header", "metadata" or "content"
	Err  error
}

func (e *FrameError) Error() string { return "protocol: " + e.Part + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *FrameError) Unwrap() error { return e.Err }

// Decode checks the frames of a message and returns it. The message shares
// memory with the frames. With an error the message is nil.
func (s *Signer) Decode(frames [][]byte) (*Message, error) {
	i := 0
	for i < len(frames) && string(frames[i]) != delimiter {
		i++
	}
	if i == len(frames) {
		return nil, &FrameError{"frames", fmt.Errorf("no %s among %d frames", delimiter, len(frames))}
	}
	rest := frames[i+1:]
	if len(rest) < 5 {
		return nil, &FrameError{"frames", fmt.Errorf("got %d after the delimiter, want at least 5", len(rest))}
	}
	if err := s.check(rest[0], rest[1], rest[2], rest[3], rest[4]); err != nil {
		return nil, err
	}
	m := &Message{
		Identities: frames[:i:i],
		RawHeader:  rest[1],
		Parent:     rest[2],
		Metadata:   rest[3],
		Content:    rest[4],
		Buffers:    rest[5:],
	}
	if err := m.validate(); err != nil {
		return nil, err
	}
	return m, nil
}

// validate checks that the four JSON parts are objects and reads the header.
func (m *Message) validate() error {
	for _, p := range []struct {
		name string
		text json.RawMessage
	}{{"header", m.RawHeader}, {"parent_header", m.Parent}, {"metadata", m.Metadata}, {"content", m.Content}} {
		if err := checkObject(p.text); err != nil {
			return &FrameError{p.name, err}
		}
	}
	if err := json.Unmarshal(m.RawHeader, &m.Header); err != nil {
		return &FrameError{"header", err}
	}
	if m.Header.MsgType == "" {
		return &FrameError{"header", errors.New("msg_type is missing")}
	}
	return nil
}

func checkObject(text []byte) error {
	t := bytes.TrimLeft(text, " \t\r\n")
	if len(t) == 0 || t[0] != '{' {
		return errors.New("want a JSON object")
	}
	if !json.Valid(t) {
		return errors.New("not valid JSON")
	}
	return nil
}

// Encode returns the signed frames of a message, sharing memory with it.
func (s *Signer) Encode(m *Message) [][]byte {
	out := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	out = append(out, m.Identities...)
	out = append(out, []byte(delimiter), s.sign(m.RawHeader, m.Parent, m.Metadata, m.Content),
		m.RawHeader, m.Parent, m.Metadata, m.Content)
	return append(out, m.Buffers...)
}
