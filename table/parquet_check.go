package table

import (
	"encoding/binary"
	"errors"
	"io"
)

var errFooter = errors.New("not a Parquet file, or a damaged one: its footer does not fit")

// checkParquet looks at the footer before the decoder does, which would
// allocate whatever sizes a damaged one states.
func checkParquet(r io.ReaderAt, size int64) error {
	const magic = "PAR1"
	var tail [8]byte
	if size < int64(len(tail)+len(magic)) {
		return errFooter
	}
	if _, err := r.ReadAt(tail[:], size-8); err != nil {
		return err
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if string(tail[4:]) != magic || n > size-12 {
		return errFooter
	}
	b := make([]byte, n)
	if _, err := r.ReadAt(b, size-8-n); err != nil {
		return err
	}
	w := thriftWalk{b: b}
	if !w.skip(thriftStruct, 0) {
		return errFooter
	}
	return nil
}

// thriftWalk goes through Thrift's compact protocol
// (github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
type thriftWalk struct{ b []byte }

// Types of values in the compact protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

// skip passes over a value, and tells whether its sizes fit what is there.
func (w *thriftWalk) skip(kind byte, depth int) bool {
	const deepest = 64
	switch {
	case depth > deepest:
		return false
	case kind == thriftTrue || kind == thriftFalse:
		return true
	case kind == thriftByte:
		return w.take(1)
	case kind >= thriftI16 && kind <= thriftI64:
		_, ok := w.varint()
		return ok
	case kind == thriftDouble:
		return w.take(8)
	case kind == thriftBinary:
		n, ok := w.varint()
		return ok && w.take(n)
	case kind == thriftList || kind == thriftSet:
		return w.list(depth)
	case kind == thriftMap:
		return w.pairs(depth)
	case kind == thriftStruct:
		return w.fields(depth)
	}
	return false
}

func (w *thriftWalk) take(n uint64) bool {
	if n > uint64(len(w.b)) {
		return false
	}
	w.b = w.b[n:]
	return true
}

func (w *thriftWalk) varint() (uint64, bool) {
	x, n := binary.Uvarint(w.b)
	if n <= 0 {
		return 0, false
	}
	w.b = w.b[n:]
	return x, true
}

func (w *thriftWalk) head() (byte, bool) {
	if len(w.b) == 0 {
		return 0, false
	}
	h := w.b[0]
	w.b = w.b[1:]
	return h, true
}

func (w *thriftWalk) list(depth int) bool {
	h, ok := w.head()
	n, kind := uint64(h>>4), h&15
	if n == 15 && ok {
		n, ok = w.varint()
	}
	if !ok || n > uint64(len(w.b)) { // an element takes a byte at least
		return false
	}
	if kind == thriftTrue || kind == thriftFalse {
		return w.take(n)
	}
	for range n {
		if !w.skip(kind, depth+1) {
			return false
		}
	}
	return true
}

func (w *thriftWalk) pairs(depth int) bool {
	n, ok := w.varint()
	if !ok || n > uint64(len(w.b)) {
		return false
	}
	if n == 0 {
		return true
	}
	kinds, ok := w.head()
	for range n {
		if ok = ok && w.skip(kinds>>4, depth+1) && w.skip(kinds&15, depth+1); !ok {
			return false
		}
	}
	return ok
}

func (w *thriftWalk) fields(depth int) bool {
	for {
		h, ok := w.head()
		if !ok || h == 0 {
			return ok
		}
		if h>>4 == 0 { // the number of the field follows
			if _, ok := w.varint(); !ok {
				return false
			}
		}
		if !w.skip(h&15, depth+1) {
			return false
		}
	}
}
