package kernel

import (
	"context"
	"encoding/json"
	"sync"

	"mlpkernel/cell"
	"mlpkernel/protocol"
)

// comms are the open comms by id.
type comms struct {
	mu   sync.Mutex
	open map[string]*comm
}

func newComms() *comms { return &comms{open: map[string]*comm{}} }

func (c *comms) get(id string) *comm {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open[id]
}

func (c *comms) set(m *comm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[m.id] = m
}

// remove forgets a comm and tells whether it was open.
func (c *comms) remove(m *comm) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.open[m.id] == m
	if was {
		delete(c.open, m.id)
	}
	return was
}

// comm is the kernel's end of a comm.
type comm struct {
	k          *kernel
	id, target string

	mu      sync.Mutex
	handler cell.CommHandler
	request *request // the message of the comm that is handled now, nil if none
}

// ID implements cell.Comm.
func (c *comm) ID() string { return c.id }

// Target implements cell.Comm.
func (c *comm) Target() string { return c.target }

// Send implements cell.Comm.
func (c *comm) Send(data any, metadata map[string]any, buffers [][]byte) {
	c.publish("comm_msg", data, metadata, buffers)
}

// Close implements cell.Comm. A comm that is closed already, by either side,
// stays so.
func (c *comm) Close(data any) {
	if c.k.comms.remove(c) {
		c.publish("comm_close", data, nil, nil)
	}
}

// publish sends a message of the comm. It belongs to the message of the comm
// that is handled now, else to the running cell, if any, which then waits
// while front ends are slow.
func (c *comm) publish(msgType string, data any, metadata map[string]any, buffers [][]byte) {
	c.mu.Lock()
	r := c.request
	c.mu.Unlock()
	if r == nil {
		var ctx context.Context
		if r, ctx = c.k.executor.current(); r != nil {
			defer c.k.hub.wait(ctx)
		}
	}
	var parent *protocol.Message
	if r != nil {
		parent = r.Message
	}
	if data == nil {
		data = map[string]any{}
	}
	m := c.k.session.New(msgType, parent, protocol.CommMsg{CommID: c.id, Data: protocol.Marshal(data)}, metadata)
	m.Buffers = buffers
	c.k.hub.publish(m)
}

// handling notes the message that is handled until done is called.
func (c *comm) handling(r *request) (done func()) {
	set := func(r *request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.request = r
	}
	set(r)
	return func() { set(nil) }
}

// silently makes a serveFunc for a message that has no reply: what cannot be
// read costs a log line.
func silently[T any](r *request, f func(T)) any {
	var content T
	if err := json.Unmarshal(r.Content, &content); err != nil {
		r.o.Logf("kernel: content of %s: %v", r.Type(), err)
		return nil
	}
	defer r.recovered(r.Type(), nil)
	f(content)
	return nil
}

// commOpen offers a comm to the language and closes one it does not know.
func commOpen(r *request) any {
	return silently(r, func(req protocol.CommOpen) {
		c := &comm{k: r.kernel, id: req.CommID, target: req.TargetName}
		defer c.handling(r)()
		r.comms.set(c)
		served := false
		defer func() { // also when the language panics
			if !served {
				c.Close(nil)
			}
		}()
		lang, can := r.language().(cell.CommServer)
		if !can {
			return
		}
		h := lang.OpenComm(c, req.Data, r.Metadata, r.Buffers)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.handler, served = h, h != nil
	})
}

// toHandler calls f with the handler of an open comm; others are ignored.
func toHandler(r *request, f func(*comm, cell.CommHandler, protocol.CommMsg)) any {
	return silently(r, func(req protocol.CommMsg) {
		c := r.comms.get(req.CommID)
		if c == nil {
			return
		}
		c.mu.Lock()
		h := c.handler
		c.mu.Unlock()
		if h != nil {
			defer c.handling(r)()
			f(c, h, req)
		}
	})
}

func commMessage(r *request) any {
	return toHandler(r, func(_ *comm, h cell.CommHandler, req protocol.CommMsg) {
		h.Message(req.Data, r.Metadata, r.Buffers)
	})
}

func commClose(r *request) any {
	return toHandler(r, func(c *comm, h cell.CommHandler, req protocol.CommMsg) {
		r.comms.remove(c)
		h.Closed(req.Data)
	})
}

func commInfo(r *request, req protocol.CommInfoRequest) any {
	out := protocol.CommInfoReply{Reply: fine, Comms: map[string]protocol.CommInfo{}}
	r.comms.mu.Lock()
	defer r.comms.mu.Unlock()
	for id, c := range r.comms.open {
		if req.TargetName == "" || req.TargetName == c.target {
			out.Comms[id] = protocol.CommInfo{TargetName: c.target}
		}
	}
	return out
}
