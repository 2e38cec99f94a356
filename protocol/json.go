package protocol

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"sort"
	"strconv"
	"unicode/utf8"
)

// Marshal returns v as JSON that every client can parse: valid UTF-8, no NaN
// and no infinity (they become strings), []byte as base64. Strings, maps and
// slices of them are written directly, so that a picture of many megabytes is
// copied once; other values go through encoding/json. A value that cannot be
// marshalled becomes a string that says so.
func Marshal(v any) json.RawMessage {
	return AppendJSON(make([]byte, 0, sizeHint(v)), v)
}

// sizeHint is about the length of v as JSON, exact enough to avoid most growth.
func sizeHint(v any) int {
	switch v := v.(type) {
	case string:
		return len(v) + len(v)/16 + 16
	case []byte:
		return base64.StdEncoding.EncodedLen(len(v)) + 16
	case json.RawMessage:
		return len(v)
	case map[string]any:
		n := 16
		for k, e := range v {
			n += len(k) + 8 + sizeHint(e)
		}
		return n
	}
	return 64
}

// AppendJSON appends v as Marshal writes it.
func AppendJSON(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return appendString(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case float64:
		return appendFloat(dst, v)
	case []byte:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v)
		return append(dst, '"')
	case json.RawMessage:
		if len(v) == 0 {
			return append(dst, "{}"...)
		}
		return append(dst, v...)
	case map[string]any:
		return appendMap(dst, v)
	case []any:
		return appendSlice(dst, v)
	case []string:
		return appendSlice(dst, v)
	}
	return appendOther(dst, v)
}

func appendOther(dst []byte, v any) []byte {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return appendString(dst, "not representable as JSON: "+err.Error())
	}
	return append(dst, bytes.TrimRight(buf.Bytes(), "\n")...)
}

func appendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

func appendMap(dst []byte, m map[string]any) []byte {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	dst = append(dst, '{')
	for i, k := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, k), ':')
		dst = AppendJSON(dst, m[k])
	}
	return append(dst, '}')
}

func appendSlice[T any](dst []byte, s []T) []byte {
	dst = append(dst, '[')
	for i, e := range s {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendJSON(dst, e)
	}
	return append(dst, ']')
}

// plain tells which bytes of a string stand for themselves in JSON.
var plain = func() (t [256]bool) {
	for c := 0x20; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += n
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

func uitoa(n uint64) string { return strconv.FormatUint(n, 10) }
