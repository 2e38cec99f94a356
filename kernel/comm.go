package kernel

import (
	"encoding/json"
	"sync"

	"mlpkernel/cell"
	"mlpkernel/protocol"
)

// comms are the open comms.
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

// comm is the kernel's end of a comm.
type comm struct {
	k          *kernel
	id, target string
	handler    cell.CommHandler
}

func (c *comm) ID() string     { return c.id }
func (c *comm) Target() string { return c.target }

func (c *comm) Send(data any, metadata map[string]any, buffers [][]byte) {
	c.k.hub.publishBuffers("comm_msg", map[string]any{"comm_id": c.id, "data": data}, metadata, buffers)
}

func (c *comm) Close(data any) {
	c.k.comms.mu.Lock()
	delete(c.k.comms.open, c.id)
	c.k.comms.mu.Unlock()
	if data == nil {
		data = map[string]any{}
	}
	c.k.hub.publishBuffers("comm_close", map[string]any{"comm_id": c.id, "data": data}, nil, nil)
}

// publishBuffers publishes a comm's message, which has no parent.
func (h *hub) publishBuffers(msgType string, content, metadata map[string]any, buffers [][]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flushLocked()
	if metadata == nil {
		metadata = map[string]any{}
	}
	frames := h.frames(msgType, "kernel."+h.session.ID+"."+msgType, nil, content, metadata)
	h.socket.Send(append(frames, buffers...))
}

type commContent struct {
	ID     string          `json:"comm_id"`
	Target string          `json:"target_name"`
	Data   json.RawMessage `json:"data"`
}

func readComm(m *protocol.Message) (commContent, error) {
	var c commContent
	err := json.Unmarshal(m.Content, &c)
	return c, err
}

// commOpen offers a comm to the language; what it does not know is closed.
func commOpen(k *kernel, m *protocol.Message) (map[string]any, error) {
	req, err := readComm(m)
	if err != nil {
		return nil, nil // comm messages have no reply to carry an error
	}
	c := &comm{k: k, id: req.ID, target: req.Target}
	if lang, ok := k.lang.(cell.CommServer); ok {
		c.handler = lang.OpenComm(c, req.Data, m.Metadata, m.Buffers)
	}
	if c.handler == nil {
		c.Close(nil)
		return nil, nil
	}
	k.comms.mu.Lock()
	k.comms.open[c.id] = c
	k.comms.mu.Unlock()
	return nil, nil
}

func commMessage(k *kernel, m *protocol.Message) (map[string]any, error) {
	req, err := readComm(m)
	if c := k.comms.get(req.ID); err == nil && c != nil {
		c.handler.Message(req.Data, m.Metadata, m.Buffers)
	}
	return nil, nil
}

func commClose(k *kernel, m *protocol.Message) (map[string]any, error) {
	req, err := readComm(m)
	c := k.comms.get(req.ID)
	if err != nil || c == nil {
		return nil, nil
	}
	k.comms.mu.Lock()
	delete(k.comms.open, c.id)
	k.comms.mu.Unlock()
	c.handler.Closed(req.Data)
	return nil, nil
}

func commInfo(k *kernel, m *protocol.Message) (map[string]any, error) {
	req, err := readComm(m)
	if err != nil {
		return nil, err
	}
	k.comms.mu.Lock()
	defer k.comms.mu.Unlock()
	out := map[string]any{}
	for id, c := range k.comms.open {
		if req.Target == "" || req.Target == c.target {
			out[id] = map[string]any{"target_name": c.target}
		}
	}
	return map[string]any{"comms": out}, nil
}
