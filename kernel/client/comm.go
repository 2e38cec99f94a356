package client

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"mlpkernel/protocol"
)

// Comm is the front end's end of a comm.
type Comm struct {
	ID     string
	client *Client
	read   func(*protocol.Message)
}

// OpenComm opens a comm of a target. read is called with every comm_msg and
// the comm_close that the kernel sends on it, on the goroutine that reads
// IOPub. A kernel that does not know the target closes the comm before
// OpenComm returns.
func (c *Client) OpenComm(ctx context.Context, target string, data any, read func(*protocol.Message)) (*Comm, error) {
	m := &Comm{ID: uuid.NewString(), client: c, read: read}
	c.mu.Lock()
	c.comms[m.ID] = m
	c.mu.Unlock()
	err := c.Notify(ctx, Shell, "comm_open", protocol.CommOpen{CommID: m.ID, TargetName: target, Data: protocol.Marshal(data)})
	if err != nil {
		c.forget(m.ID)
		return nil, err
	}
	return m, nil
}

// Send sends data and returns when the kernel has handled it.
func (m *Comm) Send(ctx context.Context, data any) error {
	return m.client.Notify(ctx, Shell, "comm_msg", protocol.CommMsg{CommID: m.ID, Data: protocol.Marshal(data)})
}

// Close closes the comm on both sides.
func (m *Comm) Close(ctx context.Context, data any) error {
	m.client.forget(m.ID)
	return m.client.Notify(ctx, Shell, "comm_close", protocol.CommMsg{CommID: m.ID, Data: protocol.Marshal(data)})
}

func (c *Client) forget(comm string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.comms, comm)
}

// onComm hands a message of an open comm to its reader.
func (c *Client) onComm(m *protocol.Message) {
	if m.Type() != "comm_msg" && m.Type() != "comm_close" {
		return
	}
	var content protocol.CommMsg
	if json.Unmarshal(m.Content, &content) != nil {
		return
	}
	c.mu.Lock()
	comm := c.comms[content.CommID]
	c.mu.Unlock()
	if comm == nil {
		return
	}
	if m.Type() == "comm_close" {
		c.forget(comm.ID)
	}
	if comm.read != nil {
		comm.read(m)
	}
}
