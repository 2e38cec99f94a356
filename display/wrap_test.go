package display

import (
	"slices"
	"testing"
)

// TestTellApart shortens names that begin alike.
func TestTellApart(t *testing.T) {
	for _, x := range []struct{ names, want []string }{
		{[]string{"relu", "a network of relu"}, []string{"relu", "a network of relu"}},
		{[]string{"a plain network with a rather long name, relu", "a plain network with a rather long name, sigmoid", "a plain network with a rather long name, relu"},
			[]string{"…long name, relu", "…long name, sigmoid", "…long name, relu"}},
		{[]string{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2"}, []string{"…1", "…2"}},
		{[]string{"the first of three, of which a part", "the second of three, of which a part", "the second of three, of which a half"},
			[]string{"the first of three, of w…", "…three, of which a part", "…three, of which a half"}},
	} {
		if got := tellApart(x.names, labelSize, 130); !slices.Equal(got, x.want) {
			t.Errorf("%q become %q, want %q", x.names, got, x.want)
		}
	}
	korean := []string{"아주 긴 이름의 드롭아웃 있는 신경망 하나", "아주 긴 이름의 드롭아웃 없는 신경망 하나", "아주 긴 이름의 드롭아웃 없는 신경망 둘"}
	got := tellApart(korean, labelSize, 130)
	if slices.Sort(got); len(slices.Compact(got)) < len(korean) {
		t.Errorf("%q become %q", korean, got)
	}
}
