// Package zmtp is the bind side of ZMTP 3.0, the wire protocol of ZeroMQ, as
// far as a Jupyter kernel needs it: a Router (shell, control, stdin), an XPub
// (IOPub) and a Rep that echoes (heartbeat), with the NULL mechanism, over TCP
// and ipc. Start at Listen, then NewRouter, NewXPub or NewRep.
//
// What is promised to hold against any peer, friendly or not:
//
//   - A peer that says nothing, says too much or says nonsense costs its own
//     connection and one log line, never the socket. A handshake has a
//     deadline; frames, messages and connections have limits; memory grows
//     with what has arrived, not with what was announced.
//   - Each peer has a queue of its own and a goroutine that writes it. A full
//     queue makes the sender wait as long as the peer takes something; a peer
//     that takes nothing for Options.Stall is cut off. (libzmq connects again
//     by itself.)
//   - Close sends what is queued, within its context.
//
// The specification is RFC 23, https://rfc.zeromq.org/spec/23/; the minor
// version announced is 0, so peers subscribe by message, but the commands of
// 3.1 are understood as well.
package zmtp
