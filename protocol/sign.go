package protocol

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"sort"
	"strings"
	"sync"
)

// schemes are the signature schemes a connection file may name.
var schemes = map[string]func() hash.Hash{
	"hmac-sha256": sha256.New,
	"hmac-sha512": sha512.New,
	"hmac-md5":    md5.New,
}

// Signer signs outgoing frames and checks incoming ones. It may be used from
// several goroutines. With an empty key nothing is signed or checked.
type Signer struct {
	key  []byte
	hash func() hash.Hash

	mu   sync.Mutex
	seen digests
}

// NewSigner returns a signer for a scheme such as "hmac-sha256" (which an
// empty scheme means).
func NewSigner(scheme, key string) (*Signer, error) {
	if scheme == "" {
		scheme = "hmac-sha256"
	}
	h, ok := schemes[scheme]
	if !ok {
		var known []string
		for k := range schemes {
			known = append(known, k)
		}
		sort.Strings(known)
		return nil, fmt.Errorf("signature scheme %q is unknown; known are %s", scheme, strings.Join(known, ", "))
	}
	return &Signer{key: []byte(key), hash: h}, nil
}

// sign returns the lower-case hexadecimal HMAC of the parts, empty without a key.
func (s *Signer) sign(parts ...[]byte) []byte {
	if len(s.key) == 0 {
		return []byte{}
	}
	h := hmac.New(s.hash, s.key)
	for _, p := range parts {
		h.Write(p)
	}
	sum := h.Sum(nil)
	return hex.AppendEncode(make([]byte, 0, 2*len(sum)), sum)
}

// check verifies a signature and refuses one that was seen before.
func (s *Signer) check(signature []byte, parts ...[]byte) error {
	if len(s.key) == 0 {
		return nil
	}
	if !hmac.Equal(signature, s.sign(parts...)) {
		return ErrSignature
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.seen.add(digest(signature)) {
		return ErrReplay
	}
	return nil
}

// digest is the first 16 digits of a signature: 64 bits are plenty to tell
// apart messages that were all signed with the key.
type digest [16]byte

// digests remembers the last signatures, at most maxDigests of them.
type digests struct {
	set   map[digest]struct{}
	order []digest
	next  int
}

const maxDigests = 1 << 16

// add reports whether d is new, and remembers it in place of the oldest.
func (s *digests) add(d digest) bool {
	if s.set == nil {
		s.set = map[digest]struct{}{}
	}
	if _, ok := s.set[d]; ok {
		return false
	}
	if len(s.order) < maxDigests {
		s.order = append(s.order, d)
	} else {
		delete(s.set, s.order[s.next])
		s.order[s.next] = d
		s.next = (s.next + 1) % maxDigests
	}
	s.set[d] = struct{}{}
	return true
}
