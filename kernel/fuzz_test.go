package kernel

import (
	"bytes"
	"slices"
	"testing"
)

// FuzzHistory checks that what is read of a history file is read again as it
// is written, whatever stands between its entries.
func FuzzHistory(f *testing.F) {
	f.Add([]byte(`{"session":1,"line":2,"input":"x = 1","output":"한"}` + "\n" + `{"session":9,"li` + "\n\n" + `{"session":2,"line":1,"input":"a\nb"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, size, err := parseHistory(bytes.NewReader(text))
		if err != nil || size != len(text) {
			t.Fatalf("%d of %d bytes, %v", size, len(text), err)
		}
		var file bytes.Buffer
		for _, e := range entries {
			file.Write(line(e))
		}
		if again, _, err := parseHistory(&file); err != nil || !slices.Equal(again, entries) {
			t.Fatalf("%+v were read as %+v, %v", entries, again, err)
		}
	})
}

// FuzzGlob checks that a text without special characters matches itself alone,
// and that no pattern takes for ever.
func FuzzGlob(f *testing.F) {
	f.Add("*a[b-c]?", "xab한")
	f.Add("[[]", "[")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		matched := parseGlob(pattern).match(text)
		if !bytes.ContainsAny([]byte(pattern), "*?[") && matched != (string([]rune(pattern)) == string([]rune(text))) {
			t.Fatalf("%q matches %q: %v", pattern, text, matched)
		}
	})
}
