package table

import "bytes"

// fieldScanner splits bytes to fields. A quote opens at the beginning of a
// field only; inside, two quotes are one, and separators and line ends are
// text. A carriage return before a line end belongs to it; spaces around a
// field, outside quotes, do not belong to it.
type fieldScanner struct {
	b       []byte
	pos     int
	sep     byte
	quote   byte
	scratch []byte
	junk    bool // the last field had text after its closing quote
}

func (s *fieldScanner) init(b []byte, sep, quote byte) {
	s.b, s.pos, s.sep, s.quote, s.junk = b, 0, sep, quote, false
}

// next returns a field (valid until the next call) and whether it ends the
// record. ok is false if the bytes end inside quotes. After the last byte it
// must not be called, but for the empty field after a last separator.
func (s *fieldScanner) next() (field []byte, last, ok bool) {
	b, i := s.b, s.pos
	s.junk = false
	for i < len(b) && b[i] == ' ' {
		i++
	}
	start := i
	if i < len(b) && b[i] == s.quote {
		s.pos = i
		return s.quoted()
	}
	sep := s.sep
	for i < len(b) && b[i] != sep && b[i] != '\n' {
		i++
	}
	end := i
	if last = i >= len(b) || b[i] != sep; last && end > start && b[end-1] == '\r' {
		end--
	}
	for end > start && b[end-1] == ' ' {
		end--
	}
	s.pos = min(i+1, len(b))
	return b[start:end:end], last, true
}

func (s *fieldScanner) quoted() (field []byte, last, ok bool) {
	b, i := s.b, s.pos+1
	start, copied := i, false
	for {
		q := bytes.IndexByte(b[i:], s.quote)
		if q < 0 {
			s.pos = len(b)
			return nil, true, false
		}
		i += q
		if i+1 >= len(b) || b[i+1] != s.quote {
			break
		}
		if !copied {
			s.scratch, copied = s.scratch[:0], true
		}
		s.scratch = append(s.scratch, b[start:i+1]...)
		i += 2
		start = i
	}
	field = b[start:i:i]
	if copied {
		s.scratch = append(s.scratch, field...)
		field = s.scratch
	}
	end := i + 1
	for end < len(b) && b[end] != s.sep && b[end] != '\n' {
		end++
	}
	tail := bytes.TrimRight(b[i+1:end], " \r")
	s.junk = len(tail) > 0
	s.pos = min(end+1, len(b))
	return field, end >= len(b) || b[end] == '\n', true
}
