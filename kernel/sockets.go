package kernel

import (
	"context"
	"net"
	"sync"
	"time"
	"unicode/utf8"

	"mlpkernel/protocol"
	"mlpkernel/protocol/zmtp"
)

// bindTime is how long binding is tried while an address is in use.
const bindTime = 5 * time.Second

// sockets are the five sockets of a kernel.
type sockets struct {
	shell, control, stdin *zmtp.Router
	iopub                 *zmtp.XPub
	heartbeat             *zmtp.Rep
}

// bind binds the five sockets; either all are bound or none.
func bind(ctx context.Context, conn protocol.Connection, o Options, welcome func(string) [][]byte) (*sockets, error) {
	ctx, cancel := context.WithTimeout(ctx, bindTime)
	defer cancel()
	var listeners []net.Listener
	for _, p := range []protocol.Port{conn.HBPort, conn.IOPubPort, conn.ControlPort, conn.StdinPort, conn.ShellPort} {
		l, err := zmtp.Listen(ctx, conn.Endpoint(p))
		if err != nil {
			for _, l := range listeners {
				l.Close()
			}
			return nil, err
		}
		listeners = append(listeners, l)
	}
	zo := zmtp.Options{Log: o.Logf}
	return &sockets{
		heartbeat: zmtp.NewRep(listeners[0], zo),
		iopub:     zmtp.NewXPub(listeners[1], zo, welcome),
		control:   zmtp.NewRouter(listeners[2], zo),
		stdin:     zmtp.NewRouter(listeners[3], zo),
		shell:     zmtp.NewRouter(listeners[4], zo),
	}, nil
}

// close closes the sockets after what is queued has left or ctx has ended.
func (s *sockets) close(ctx context.Context) {
	var wg sync.WaitGroup
	for _, c := range []interface{ Close(context.Context) }{s.iopub, s.control, s.shell, s.stdin, s.heartbeat} {
		wg.Go(func() { c.Close(ctx) })
	}
	wg.Wait()
}

// welcome is iopub_welcome, the first message of a subscription (JEP 65).
func (k *kernel) welcome(topic string) [][]byte {
	if !utf8.ValidString(topic) {
		return nil
	}
	m := k.session.New("iopub_welcome", nil, protocol.Welcome{Subscription: topic}, nil)
	m.Identities = [][]byte{[]byte(topic)}
	return k.signer.Encode(m)
}
