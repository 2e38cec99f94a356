package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/korean"
)

// errNotUTF8 is found while the file is cut to blocks.
var errNotUTF8 = errors.New("the text is not UTF-8; give encoding=, one of utf-16, cp949, latin1")

// decode undoes packing, byte order marks, UTF-16, other encodings and line ends
// of a carriage return alone. A plain UTF-8 file stays on disk.
func (f *csvFile) decode(src source) (source, error) {
	head, err := window(src, nil, 0, 4096)
	if err != nil {
		return nil, err
	}
	if len(head) == 0 {
		return nil, errors.New("the file is empty")
	}
	if src, err = f.unpack(src, head); err != nil {
		return nil, err
	}
	if head, err = window(src, nil, 0, 4096); err != nil {
		return nil, err
	}
	if len(head) == 0 {
		return nil, errors.New("the file is empty")
	}
	f.report.Encoding = "UTF-8"
	order := utf16Order(head, f.o.Encoding)
	switch {
	case order != nil:
		return f.decodeUTF16(src, order)
	case bytes.IndexByte(head, 0) >= 0:
		return nil, errors.New("this is not a text file: it has zero bytes; if it is UTF-16 text, say encoding=\"utf-16\"")
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		f.report.Encoding = "UTF-8 with byte order mark"
		src = sectionSource{io.NewSectionReader(src, 3, src.Size()-3)}
	case f.o.Encoding != "" && !isName(f.o.Encoding, "utf-8"):
		return f.decodeLegacy(src)
	}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		data, err := whole(src)
		if err != nil {
			return nil, err
		}
		return bytesSource(bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))), nil
	}
	return src, nil
}

type sectionSource struct{ *io.SectionReader }

func whole(src source) ([]byte, error) {
	data, err := window(src, nil, 0, src.Size())
	if b, ok := src.(bytesSource); ok {
		data = bytes.Clone(b)
	}
	return data, err
}

// isName compares encoding names without regard to case and hyphens.
func isName(name string, names ...string) bool {
	plain := func(s string) string { return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(s)) }
	for _, n := range names {
		if plain(n) == plain(name) {
			return true
		}
	}
	return false
}

// utf16Order finds the byte order of UTF-16 from its mark, from the place of
// zero bytes, or from the option; nil for other text.
func utf16Order(head []byte, option string) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	even, odd := 0, 0
	for i, c := range head {
		if c == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	switch {
	case odd > len(head)/4 && even == 0, even+odd > 0 && odd >= even && isName(option, "utf-16", "utf-16le"):
		return binary.LittleEndian
	case even > len(head)/4 && odd == 0, even+odd > 0 && isName(option, "utf-16", "utf-16be"):
		return binary.BigEndian
	}
	return nil
}

func (f *csvFile) decodeUTF16(src source, order binary.ByteOrder) (source, error) {
	data, err := whole(src)
	if err != nil {
		return nil, err
	}
	f.report.Encoding = "UTF-16"
	if len(data)%2 != 0 {
		return nil, errors.New("the text looks like UTF-16, but its last character is cut")
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	if len(units) > 0 && units[0] == 0xfeff {
		units = units[1:]
	}
	return bytesSource(string(utf16.Decode(units))), nil
}

// decodeLegacy decodes by the option, or what is not UTF-8 as CP949 or
// Windows-1252, whichever it looks like.
func (f *csvFile) decodeLegacy(src source) (source, error) {
	data, err := whole(src)
	if err != nil {
		return nil, err
	}
	var enc encoding.Encoding
	korea := isName(f.o.Encoding, "cp949", "euc-kr", "ks_c_5601-1987", "uhc")
	latin := isName(f.o.Encoding, "latin1", "latin-1", "iso-8859-1", "windows-1252", "cp1252")
	switch {
	case korea, f.o.Encoding == "" && looksKorean(data):
		f.report.Encoding, enc = "CP949", korean.EUCKR
	case latin, f.o.Encoding == "":
		f.report.Encoding, enc = "Windows-1252", charmap.Windows1252
	default:
		return nil, fmt.Errorf("encoding %q is not known; there are utf-8, utf-16, cp949 and latin1", f.o.Encoding)
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.report.Encoding, err)
	}
	if i := bytes.Index(out, []byte(string(utf8.RuneError))); i >= 0 {
		return nil, fmt.Errorf("line %d is not %s text; give another encoding=", 1+bytes.Count(out[:i], []byte{'\n'}), f.report.Encoding)
	}
	if f.o.Encoding == "" {
		f.note("the text is not UTF-8 and was read as %s; encoding= overrides", f.report.Encoding)
	}
	return bytesSource(out), nil
}

// looksKorean: high bytes come in pairs, as the syllables of KS X 1001 do.
func looksKorean(data []byte) bool {
	pairs, single := 0, 0
	for i := 0; i < len(data); i++ {
		switch {
		case data[i] < 0x80:
		case i+1 < len(data) && data[i] >= 0xa1 && data[i+1] >= 0xa1:
			pairs++
			i++
		default:
			single++
		}
	}
	return pairs > 9*single
}
