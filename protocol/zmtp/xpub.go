package zmtp

import "strings"

// Publisher is an XPUB socket: it sends a message to every peer that has
// subscribed to a prefix of its first frame, the topic.
type Publisher struct{ *socket }

// maxTopics is how many subscriptions a peer may hold.
const maxTopics = 1000

// ListenPublisher binds an XPUB. welcome, if not nil, returns a message for a
// peer that has just subscribed to a topic; it is the first that the peer gets
// under that subscription. Nil frames send nothing.
func ListenPublisher(endpoint string, welcome func(topic string) [][]byte, o Options) (*Publisher, error) {
	subscribe := func(p *peer, topic []byte) {
		if welcome != nil {
			if frames := welcome(string(topic)); frames != nil {
				p.send(frames)
			}
		}
		p.subscribe(string(topic))
	}
	cancel := func(p *peer, topic []byte) { p.cancel(string(topic)) }
	s, err := listen(endpoint, kind{
		name:     "XPUB",
		peers:    []string{"SUB", "XSUB"},
		commands: map[string]func(*peer, []byte){"SUBSCRIBE": subscribe, "CANCEL": cancel},
		// Before ZMTP 3.1 a subscription is a message: 1 or 0, then the topic.
		message: func(p *peer, frames [][]byte) {
			switch m := frames[0]; {
			case len(frames) > 1 || len(m) == 0:
			case m[0] == 1:
				subscribe(p, m[1:])
			case m[0] == 0:
				cancel(p, m[1:])
			}
		},
	}, o)
	if err != nil {
		return nil, err
	}
	return &Publisher{s}, nil
}

// Send queues a message for all subscribers of its first frame. It waits for
// a subscriber whose queue is full as long as that one reads.
func (x *Publisher) Send(frames [][]byte) {
	topic := string(frames[0])
	for _, p := range x.list() {
		if p.wants(topic) {
			p.send(frames)
		}
	}
}

func (p *peer) subscribe(topic string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.topics) < maxTopics {
		p.topics[topic] = true
	}
}

func (p *peer) cancel(topic string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.topics, topic)
}

func (p *peer) wants(topic string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for prefix := range p.topics {
		if strings.HasPrefix(topic, prefix) {
			return true
		}
	}
	return false
}
