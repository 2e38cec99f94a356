package protocol

import (
	"encoding/json"
	"os/user"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Header identifies a message.
type Header struct {
	MsgID    string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	MsgType  string `json:"msg_type"`
	Version  string `json:"version"`
}

// Message is a message of the protocol. Parent, Metadata and Content are the
// JSON texts of the wire, so that a reply can carry its parent's header
// verbatim, unknown fields included.
type Message struct {
	Identities [][]byte // routing prefix; the topic on IOPub
	Header     Header
	RawHeader  json.RawMessage
	Parent     json.RawMessage
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte
}

// Type returns the message type.
func (m *Message) Type() string { return m.Header.MsgType }

// DateLayout is the layout of header dates: clients parse at most six digits of a second.
const DateLayout = "2006-01-02T15:04:05.000000Z"

// Session makes the messages of one process: they share a session id, and
// their ids never repeat.
type Session struct {
	ID       string
	Username string
	count    atomic.Uint64
}

// NewSession returns a session with a fresh id and the user's name.
func NewSession() *Session {
	name := "kernel"
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	return &Session{ID: uuid.NewString(), Username: name}
}

// New returns a message of a type. parent is the message it answers, nil if
// none. Content and metadata are marshalled; nil stands for {}.
func (s *Session) New(msgType string, parent *Message, content, metadata any) *Message {
	n := s.count.Add(1)
	h := Header{
		MsgID:    s.ID + "_" + strconv.FormatUint(n, 10),
		Session:  s.ID,
		Username: s.Username,
		Date:     time.Now().UTC().Format(DateLayout),
		MsgType:  msgType,
		Version:  Version,
	}
	m := &Message{
		Header:    h,
		RawHeader: Marshal(h),
		Parent:    json.RawMessage("{}"),
		Metadata:  object(metadata),
		Content:   object(content),
	}
	if parent != nil {
		m.Parent = parent.RawHeader
	}
	return m
}

func object(v any) json.RawMessage {
	if v == nil {
		return json.RawMessage("{}")
	}
	return Marshal(v)
}

// ParentID returns the id of the message that this one answers, empty if none.
func (m *Message) ParentID() string {
	var h struct {
		MsgID string `json:"msg_id"`
	}
	// Decode has checked that Parent is an object; other fields do not matter.
	_ = json.Unmarshal(m.Parent, &h)
	return h.MsgID
}
