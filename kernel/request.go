package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"mlpkernel/protocol"
	"mlpkernel/protocol/zmtp"
)

// request is a message that came on shell or control.
type request struct {
	*kernel
	*protocol.Message
	from   *zmtp.Router
	came   time.Time
	number uint64 // in its lane

	// after, if not nil, is called when the request's idle is published.
	after func()
}

// serveFunc serves a request and returns the content of the reply; nil sends none.
type serveFunc func(r *request) any

// serve serves a request between busy and idle. One of an unknown type, or on
// the wrong socket, gets no reply.
func (k *kernel) serve(r *request, f serveFunc) {
	k.hub.status(protocol.Busy, r.Message)
	if f == nil {
		k.o.Logf("kernel: %s is not served on %s", r.Type(), r.from.Addr())
	} else if content := k.answer(r, f); content != nil {
		k.reply(r, content)
	}
	k.hub.status(protocol.Idle, r.Message)
	// Front ends show the last status, whosever it is.
	k.executor.whileRunning(func(cell *request) { k.hub.status(protocol.Busy, cell.Message) })
	if r.after != nil {
		r.after()
	}
}

// answer calls f; a panic becomes the content of an error reply.
func (k *kernel) answer(r *request, f serveFunc) (content any) {
	defer k.recovered(r.Type(), func(e *protocol.Failure) {
		content = protocol.Reply{Status: protocol.Failed, Failure: e}
	})
	return f(r)
}

func (k *kernel) reply(r *request, content any) {
	m := k.session.New(strings.TrimSuffix(r.Type(), "_request")+"_reply", r.Message, content, nil)
	m.Identities = r.Identities
	// A front end that has gone misses its reply; there is no one to tell.
	_ = r.from.Send(k.signer.Encode(m))
}

// InternalError is the name of the error of a fault in the kernel or the
// language, as opposed to one of the user's code.
const InternalError = "InternalError"

// recovered, deferred, turns a panic into a log line and hands it to then.
func (k *kernel) recovered(where string, then func(*protocol.Failure)) {
	p := recover()
	if p == nil {
		return
	}
	stack := string(debug.Stack())
	k.o.Logf("kernel: panic in %s: %v\n%s", where, p, stack)
	if then != nil {
		e := &protocol.Failure{EName: InternalError, EValue: fmt.Sprintf("a fault of the kernel in %s: %v", where, p)}
		e.Traceback = append([]string{e.Error()}, strings.Split(strings.TrimSpace(stack), "\n")...)
		then(e)
	}
}

// reads makes a serveFunc of a function of the request's content. Content of
// the wrong types gets an error reply.
func reads[T any](f func(*request, T) any) serveFunc {
	return func(r *request) any {
		var content T
		if err := json.Unmarshal(r.Content, &content); err != nil {
			r.o.Logf("kernel: content of %s: %v", r.Type(), err)
			return protocol.Fail("ProtocolError", "the content of "+r.Type()+": "+wrongType(err))
		}
		return f(r, content)
	}
}

// wrongType describes an error of json.Unmarshal without naming Go's types.
func wrongType(err error) string {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return fmt.Sprintf("%s cannot be a %s", t.Field, t.Value)
	}
	return err.Error()
}
