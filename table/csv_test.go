package table_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/korean"

	"mlpkernel/table"
)

func parse(t *testing.T, data string, o table.CSVOptions) (*table.Table, *table.CSVReport) {
	t.Helper()
	tab, rep, err := table.ParseCSV(context.Background(), "test.csv", []byte(data), o)
	if err != nil {
		t.Fatal(err)
	}
	return tab, rep
}

// dump writes a table as types and rows, "." for missing.
func dump(tab *table.Table) string {
	var b strings.Builder
	for i, n := range tab.Columns() {
		fmt.Fprintf(&b, "%s:%s ", n, tab.Types()[i])
	}
	for i := range tab.Len() {
		b.WriteString("/")
		for j := range tab.Width() {
			s := tab.At(j).Format(i)
			if tab.At(j).IsMissing(i) {
				s = "."
			}
			b.WriteString(" " + s)
		}
	}
	return b.String()
}

func TestAwkwardFiles(t *testing.T) {
	for _, f := range []struct{ name, data, want string }{
		{"decimal comma", "a;b\n1,5;x\n2,25;y\n", "a:number b:category / 1.5 x/ 2.25 y"},
		{"byte order mark", "\ufeffa,b\n1,NA\n2,3\n", "a:number b:number / 1 ./ 2 3"},
		{"no header", "1,2,x\n3,4,y\n", "column_1:number column_2:number column_3:category / 1 2 x/ 3 4 y"},
		{"tab and quoted line end", "a\tb\n1\t\"x\ny\"\n2\tz\n", "a:number b:category / 1 x\ny/ 2 z"},
		{"text in row 2", "a,b\n1,1\nx,2\n", "a:category b:number / 1 1/ x 2"},
		{"two equal names", "a,a\n1,2\n", "a:number a_1:number / 1 2"},
		{"day/month/year", "d\n31/12/2020\n01/02/2021\n", "d:time / 2020-12-31/ 2021-02-01"},
		{"comment", "# made by hand\na,b\n1,2\n", "a:number b:number / 1 2"},
		{"two styles of times", "d\n2020-01-02\n2020-01-02T03:04:05Z\n", "d:time / 2020-01-02/ 2020-01-02 03:04:05"},
		{"month/day/year", "d\n12/31/2020\n01/02/2021\n", "d:time / 2020-12-31/ 2021-01-02"},
		{"marked header", "# comment\n#a,b\n1,2\n", "a:number b:number / 1 2"},
		{"row names", "a,b\nr1,1,2\nr2,3,4\n", "row:category a:number b:number / r1 1 2/ r2 3 4"},
		{"booleans", "a,b\ntrue,0\nFalse,1\nNA,0\n", "a:boolean b:number / True 0/ False 1/ . 0"},
		{"None is a level", "a,b\nNone,1\nMinor,2\n", "a:category b:number / None 1/ Minor 2"},
		{"leading zeros", "zip,b\n01234,1\n90210,2\n", "zip:category b:number / 01234 1/ 90210 2"},
		{"long identifiers", "id\n9007199254740993\n9007199254740995\n", "id:category / 9007199254740993/ 9007199254740995"},
		{"quotes in quotes", "a,b\n\"say \"\"hi\"\", now\",2\n", "a:category b:number / say \"hi\", now 2"},
		{"quote in the middle", "a,b\n5\" pipe,2\n", "a:category b:number / 5\" pipe 2"},
		{"carriage returns", "a,b\r\n1,2\r\n\r\n3,\"4\"\r\n", "a:number b:number / 1 2/ 3 4"},
		{"old line ends", "a,b\r1,2\r3,4\r", "a:number b:number / 1 2/ 3 4"},
		{"no last line end", "a,b\n1,2\n3,", "a:number b:number / 1 2/ 3 ."},
		{"header alone", "a,b\n", "a:number b:number "},
		{"one column", "a\n1\n\"\"\n3\n", "a:number / 1/ ./ 3"},
		{"unnamed column", ",b\n1,2\n2,3\n", "column_1:number b:number / 1 2/ 2 3"},
		{"all missing", "a,b\nNA,1\n,2\n", "a:number b:number / . 1/ . 2"},
		{"exponents", "a\n1e3\n-2.5E-2\n+4\n.5\n7.\n", "a:number / 1000/ -0.025/ 4/ 0.5/ 7"},
		{"latin1", "a,b\ncaf\xe9 au lait,1\n\xe9t\xe9,2\n", "a:category b:number / café au lait 1/ été 2"},
	} {
		t.Run(f.name, func(t *testing.T) {
			tab, _ := parse(t, f.data, table.CSVOptions{})
			if got := dump(tab); got != f.want {
				t.Errorf("got  %q\nwant %q", got, f.want)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	const text = "이름,나이\n김철수,30\n이영희,25\n"
	const want = "이름:category 나이:number / 김철수 30/ 이영희 25"
	cp949, err := korean.EUCKR.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var little, zipped bytes.Buffer
	for _, u := range utf16.Encode([]rune(text)) {
		little.Write([]byte{byte(u), byte(u >> 8)})
	}
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(text))
	z.Close()
	for name, data := range map[string]string{
		"utf-8": text, "cp949": string(cp949), "utf-16": "\xff\xfe" + little.String(), "gzip": zipped.String(),
	} {
		tab, rep := parse(t, data, table.CSVOptions{})
		if got := dump(tab); got != want {
			t.Errorf("%s (%s): %q", name, rep.Encoding, got)
		}
	}
}

// refusal is a file that cannot be read, and what the error has to say.
type refusal struct {
	name, data string
	o          table.CSVOptions
	want       []string
}

func (r refusal) check(t *testing.T) {
	_, _, err := table.ParseCSV(context.Background(), "test.csv", []byte(r.data), r.o)
	if err == nil {
		t.Errorf("%s: no error", r.name)
		return
	}
	for _, w := range r.want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%s: %q does not say %q", r.name, err, w)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for _, f := range []refusal{
		{"ragged", "a,b,c\n1,2,3\n1,2\n1,2,3,4\n", table.CSVOptions{}, []string{"test.csv", "2 of 3 lines", "line 3 (2 fields)", "line 4 (4 fields)"}},
		{"open quote", "a,b\n1,2\n\"x,3\n4,5\n", table.CSVOptions{}, []string{"line 3", "never closed"}},
		{"after a quote", "a,b\n\"x\"y,3\n", table.CSVOptions{}, []string{"line 2", "text after a closing quote"}},
		{"stated type", "a,b\n1,2\nx,3\n", table.CSVOptions{Types: map[string]table.Type{"a": table.Number}}, []string{"line 3", `column "a"`, `"x"`}},
		{"no such column", "age,b\n1,2\n", table.CSVOptions{Columns: []string{"aeg"}}, []string{`did you mean "age"`}},
		{"empty", "", table.CSVOptions{}, []string{"empty"}},
		{"binary", "PAR1\x00\x00\x01", table.CSVOptions{}, []string{"not a text file"}},
		{"encoding", "a\n1\n", table.CSVOptions{Encoding: "utf-7"}, []string{"utf-7", "cp949"}},
	} {
		f.check(t)
	}
}

func TestOptions(t *testing.T) {
	const data = "junk\na b,c,d\n01,2,x\n-,3,y\n"
	tab, rep := parse(t, data, table.CSVOptions{Skip: 1, NA: []string{"-"}, Columns: []string{"d", "a b"}, Types: map[string]table.Type{"a b": table.Number}})
	if got, want := dump(tab), "d:category a b:number / x 1/ y ."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if rep.Missing["-"] != 1 {
		t.Errorf("missing: %v", rep.Missing)
	}
	tab, _ = parse(t, "x:1\ny:2\n", table.CSVOptions{Sep: ':', Header: table.HeaderNo})
	if got, want := dump(tab), "column_1:category column_2:number / x 1/ y 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// bigCSV has more than one block, a late text in a number column, late
// booleans, quoted line ends at block borders, and an empty line.
func bigCSV(rows int) string {
	var b strings.Builder
	b.WriteString("n,late,maybe,word,text\n")
	for i := range rows {
		late, maybe := fmt.Sprint(i), ""
		if i == rows-2 {
			late = "oops"
		}
		if i > rows/2 {
			maybe = "true"
		}
		fmt.Fprintf(&b, "%d.5,%s,%s,w%d,\"line\n%d, \"\"q\"\"\"\n", i, late, maybe, i%7, i)
		if i == rows/3 {
			b.WriteString("\n")
		}
	}
	return b.String()
}

func TestManyBlocks(t *testing.T) {
	const rows = 120_000
	path := filepath.Join(t.TempDir(), "big.csv")
	if err := os.WriteFile(path, []byte(bigCSV(rows)), 0o666); err != nil {
		t.Fatal(err)
	}
	tab, rep, err := table.ReadCSV(context.Background(), path, table.CSVOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if tab.Len() != rows || rep.Blank != 1 {
		t.Fatalf("%d rows, %d empty lines", tab.Len(), rep.Blank)
	}
	wantTypes := "[number text boolean category text]"
	if got := fmt.Sprint(tab.Types()); got != wantTypes {
		t.Errorf("types %s, want %s", got, wantTypes)
	}
	for i := 0; i < rows; i += 997 {
		if tab.At(0).Floats()[i] != float64(i)+.5 || tab.At(3).Format(i) != fmt.Sprintf("w%d", i%7) || tab.At(4).Format(i) != fmt.Sprintf("line\n%d, \"q\"", i) {
			t.Fatalf("row %d is wrong", i)
		}
	}
	if !strings.Contains(strings.Join(rep.Sentences(), "\n"), `"oops" in line 239999`) {
		t.Errorf("report: %q", rep.Sentences())
	}
}

func TestRoundTrip(t *testing.T) {
	var in bytes.Buffer
	tab, err := table.New(
		table.Numbers("x", []float64{1, math.NaN(), -2.5e-9, math.Inf(1)}),
		table.Categories("c", []string{"a,b", "say \"x\"", " pad ", "#"}, nil),
		table.Booleans("b", []bool{true, false, true, false}, []bool{false, false, true, false}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.EncodeCSV(&in); err != nil {
		t.Fatal(err)
	}
	got, _ := parse(t, in.String(), table.CSVOptions{})
	if dump(got) != dump(tab) {
		t.Errorf("got  %q\nwant %q", dump(got), dump(tab))
	}
}

// FuzzParseCSV: no panic, and where encoding/csv reads the same dialect, the
// values agree: nothing is lost silently.
func FuzzParseCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;b\n1,5;\"x\"\n", "\"a\n\",b\n1,\n", "a\n\n\n1", "# c\na,b\n1,2\n", "\xff\xfea\x00", "a,b\r1,2\r", "\x1f\x8b\x08", "a,a\n1,2,3\n",
		"a  b\n1  2\n3 4\n", "sep=;\na;b\n", "p\n\"$1,234\"\n", "'a','b'\n", "a,b,\n1,2,\n", "d\n1/2/2020\n", "PK\x03\x04", "a, \"b\n\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table.ParseCSV(context.Background(), "fuzz", data, table.CSVOptions{})
		recs, ok := sameDialect(data)
		if !ok {
			return
		}
		o := table.CSVOptions{Sep: ',', Quote: '"', Header: table.HeaderNo, Types: map[string]table.Type{}}
		for j := range recs[0] {
			o.Types[fmt.Sprintf("column_%d", j+1)] = table.Text
		}
		tab, rep, err := table.ParseCSV(context.Background(), "fuzz", data, o)
		if err != nil || rep.Encoding != "UTF-8" || rep.Packed != "" || rep.Comments > 0 {
			return
		}
		if len(recs) != tab.Len() {
			t.Fatalf("%d rows, encoding/csv reads %d", tab.Len(), len(recs))
		}
		for i, rec := range recs {
			for j := range tab.Width() {
				want := strings.Trim(rec[j], " ")
				if got := strings.Trim(tab.At(j).Format(i), " "); got != want && !(tab.At(j).IsMissing(i) && slices.Contains(table.DefaultNA(), strings.Trim(want, " \t"))) {
					t.Fatalf("row %d, column %d: %q, encoding/csv reads %q", i, j, got, want)
				}
			}
			for _, field := range rec[tab.Width():] {
				if strings.TrimSpace(field) != "" {
					t.Fatalf("row %d: %q is lost", i, field)
				}
			}
		}
	})
}

// sameDialect reads with encoding/csv, which differs from ParseCSV on carriage
// returns, on quotes after spaces, and on a line "sep=;".
func sameDialect(data []byte) ([][]string, bool) {
	if bytes.ContainsAny(data, "\r") || bytes.Contains(data, []byte(" \"")) || bytes.Contains(bytes.ToLower(data), []byte("sep=")) {
		return nil, false
	}
	r := csv.NewReader(bytes.NewReader(data))
	recs, err := r.ReadAll()
	return recs, err == nil && len(recs) > 0
}
