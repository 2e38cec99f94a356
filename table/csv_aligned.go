package table

import (
	"bytes"
	"errors"
	"strings"
)

// errAligned is found by sniff: the values stand in columns made of spaces.
var errAligned = errors.New("values are separated by runs of spaces")

// looksAligned tells whether the sample is values set apart by runs of spaces:
// as many in every line, at least two, with numbers below the first line.
func looksAligned(b []byte, complete bool) bool {
	if !complete {
		b = b[:bytes.LastIndexByte(b, '\n')+1]
	}
	width, lines, numbers := 0, 0, 0
	for line := range strings.Lines(string(b)) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if lines++; lines == 1 {
			width = len(fields)
			continue
		}
		if len(fields) != width {
			return false
		}
		for _, s := range fields {
			if _, ok := parseNumber([]byte(s), '.'); ok {
				numbers++
			}
		}
		if lines > 100 {
			break
		}
	}
	return width > 1 && lines > 2 && numbers >= lines-1
}

// tabbed puts one tab where runs of spaces and tabs are, outside quotes, and
// leaves those at both ends of a line out.
func tabbed(src source) (source, error) {
	data, err := whole(src)
	if err != nil {
		return nil, err
	}
	out := data[:0] // never longer
	inside, gap, begun := false, false, false
	for _, c := range data {
		switch {
		case c == '\n' && !inside || c == '\r' && !inside:
			gap, begun = false, false
		case (c == ' ' || c == '\t') && !inside:
			gap = begun
			continue
		default:
			if gap {
				out = append(out, '\t')
			}
			if c == '"' && (inside || gap || !begun) {
				inside = !inside
			}
			gap, begun = false, true
		}
		out = append(out, c)
	}
	return bytesSource(out), nil
}
