package pyfmt_test

import (
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

func TestCycles(t *testing.T) {
	l := starlark.NewList([]starlark.Value{starlark.MakeInt(1)})
	if err := l.Append(l); err != nil {
		t.Fatal(err)
	}
	d := starlark.NewDict(1)
	if err := d.SetKey(starlark.String("l"), starlark.Tuple{l, d}); err != nil {
		t.Fatal(err)
	}
	if got, want := pyfmt.Repr(l), "[1, [...]]"; got != want {
		t.Errorf("list: got %s, want %s", got, want)
	}
	if got, want := pyfmt.Repr(d), "{'l': ([1, [...]], {...})}"; got != want {
		t.Errorf("dict: got %s, want %s", got, want)
	}
}

func TestDeep(t *testing.T) {
	var v starlark.Value = starlark.None
	for range 100000 {
		v = starlark.NewList([]starlark.Value{v})
	}
	got := pyfmt.Repr(v)
	if !strings.HasPrefix(got, "[[[") || !strings.Contains(got, "[...]") || len(got) > 1000 {
		t.Errorf("got %d bytes: %.40s", len(got), got)
	}
}

func TestReprLimit(t *testing.T) {
	long := starlark.NewList(nil)
	for i := range 1000000 {
		if err := long.Append(starlark.MakeInt(i)); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		v    starlark.Value
		n    int
		want string
	}{
		{long, 12, "[0, 1, 2,..."},
		{starlark.String("한글과 영어"), 6, "'한글..."},
		{starlark.String("한글"), 4, "'한글'"},
		{starlark.String(strings.Repeat("x", 1<<20)), 8, "'xxxx..."},
		{starlark.MakeInt(12345), 2, ".."},
	} {
		if got := pyfmt.ReprLimit(test.v, test.n); got != test.want {
			t.Errorf("limit %d: got %q, want %q", test.n, got, test.want)
		}
	}
}

// twoWay has a str() of its own.
type twoWay struct{ starlark.NoneType }

func (twoWay) String() string { return "two(1)" }
func (twoWay) Str() string    { return "[1]" }

func TestStrer(t *testing.T) {
	v := twoWay{}
	if got := pyfmt.Str(v) + " " + pyfmt.Repr(v) + " " + pyfmt.Str(starlark.Tuple{v}); got != "[1] two(1) (two(1),)" {
		t.Errorf("got %s", got)
	}
	got, err := pyfmt.FormatMethod("{} {!r}", starlark.Tuple{v, v}, nil)
	if err != nil || got != "[1] two(1)" {
		t.Errorf("format: %q, %v", got, err)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		want string // part of the message
		err  error
	}{
		{`type 'd' for float 3.5: it is for whole numbers; use 'f', 'e' or 'g', or int(x)`, second(pyfmt.Format(starlark.Float(3.5), "d"))},
		{`type 'f' is for numbers, got the string 'abc'; use float(x)`, second(pyfmt.Format(starlark.String("abc"), ".2f"))},
		{`does not suit a value of type list`, second(pyfmt.Format(starlark.NewList(nil), ".2f"))},
		{`a precision is for floats, got int 3; write ".2f"`, second(pyfmt.Format(starlark.MakeInt(3), ".2"))},
		{`widths and precisions go up to`, second(pyfmt.Format(starlark.MakeInt(3), "99999999999d"))},
		{`not enough arguments: got 1 in the format '%s %s'`, second(pyfmt.Percent("%s %s", starlark.String("a")))},
		{`the format 'x' takes 0, got 1`, second(pyfmt.Percent("x", starlark.String("a")))},
		{`%d wants a number, got string 'a'`, second(pyfmt.Percent("%d", starlark.String("a")))},
		{`(write %% for a percent sign)`, second(pyfmt.Percent("100%", starlark.Tuple{}))},
		{`field {a} has no value: write .format(a=…)`, second(pyfmt.FormatMethod("{a}", nil, nil))},
		{`(write {{ for a brace)`, second(pyfmt.FormatMethod("{", nil, nil))},
	} {
		if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("got %v, want …%s…", test.err, test.want)
		}
	}
}

func second(_ string, err error) error { return err }

func TestRound(t *testing.T) {
	for _, test := range []struct {
		x      float64
		digits int
		want   float64
	}{
		{2.675, 2, 2.67}, {0.5, 0, 0}, {1.5, 0, 2}, {-2.5, 0, -2}, {1234.5, -2, 1200}, {0.15, 1, 0.1}, {1e300, 3, 1e300}, {25, -1, 20},
	} {
		if got := pyfmt.Round(test.x, test.digits); got != test.want {
			t.Errorf("round(%v, %d): got %v, want %v", test.x, test.digits, got, test.want)
		}
	}
}

func FuzzFormat(f *testing.F) {
	f.Add("{:>8.2f}|{!r}|{0[1]}", "%5.1f %(a)s %*d")
	f.Fuzz(func(t *testing.T, template, percent string) {
		args := starlark.Tuple{starlark.Float(3.5), starlark.String("한글")}
		if out, err := pyfmt.FormatMethod(template, args, nil); err != nil && out != "" {
			t.Errorf("%q: text %q beside an error", template, out)
		}
		if out, err := pyfmt.Percent(percent, args); err != nil && out != "" {
			t.Errorf("%q: text %q beside an error", percent, out)
		}
		if template != "" {
			pyfmt.Format(args[0], template)
		}
	})
}
