// Package protocol is the Jupyter messaging protocol as values: messages,
// their signatures, their frames and the connection file. It opens no socket
// (package zmtp does) and knows no kernel.
//
// A Signer turns a Message into frames and frames into a Message. What comes
// from the wire is distrusted in this order: number of frames, signature,
// replay, and only then JSON. A Session makes outgoing messages.
//
// The version spoken is 5.5; see https://jupyter-client.readthedocs.io/en/stable/messaging.html.
package protocol

// Version is the version of the messaging protocol in headers and in kernel_info_reply.
const Version = "5.5"
