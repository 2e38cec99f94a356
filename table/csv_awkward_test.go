package table_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"mlpkernel/table"
)

// TestMoreAwkwardFiles: files as people have them, what is read, and what is
// said of it (a part of the report; "" for nothing in particular).
func TestMoreAwkwardFiles(t *testing.T) {
	for _, f := range []struct{ name, data, want, says string }{
		{"European", "Ort;Preis;Anteil\nKöln;1.234,50;0,5\nBonn;999,00;1,25\n", "Ort:category Preis:number Anteil:number / Köln 1234.5 0.5/ Bonn 999 1.25", `decimal mark ','`},
		{"thousands", "n,b\n\"1,234\",x\n\"12,345,678\",y\n7,z\n", "n:number b:category / 1234 x/ 12345678 y/ 7 z", `n: numbers such as "12,345,678" are read as 12345678`},
		{"dollars", "p,q\n\"$1,234.50\",1\n-$5.25,2\n($7),3\n,4\n", "p:number q:number / 1234.5 1/ -5.25 2/ -7 3/ . 4", `"$1,234.50" are read as 1234.5`},
		{"euros behind", "p;q\n1.234,50 €;1\n5,25 €;2\n", "p:number q:number / 1234.5 1/ 5.25 2", ""},
		{"units and decimal commas", "p;q\n1.234,50 €;45%\n12,00 €;7,5%\n", "p:number q:number / 1234.5 45/ 12 7.5", "decimal mark ','"},
		{"won and Hangul names", "지역,매출\n서울,\"₩1,500\"\n부산,\"₩12,000\"\n", "지역:category 매출:number / 서울 1500/ 부산 12000", ""},
		{"percent", "p,q\n45%,1\n7.5%,2\n", "p:number q:number / 45 1/ 7.5 2", `"7.5%" are read as 7.5`},
		{"two currencies stay text", "p,q\n$5,1\n€5,2\n", "p:category q:number / $5 1/ €5 2", ""},
		{"pairs are not thousands", "p,q\n\"1,2\",1.5\n\"3,4\",2\n", "p:category q:number / 1,2 1.5/ 3,4 2", `decimal="," makes the column numbers`},
		{"apostrophes and spaces as groups", "a;b\n1'234;1 234\n5;2 345 678\n", "a:number b:number / 1234 1234/ 5 2345678", ""},
		{"styles of dates", "d,n\n2020-01-02,1\n31/12/2020,2\n", "d:category n:number / 2020-01-02 1/ 31/12/2020 2", "times of more than one style"},
		{"either order of dates", "d,n\n01/02/2020,1\n03/04/2020,2\n", "d:time n:number / 2020-02-01 1/ 2020-04-03 2", "day_first=False"},
		{"American dates with clocks", "d,n\n1/31/2020 2:05 PM,1\n2/1/2020 11:59 AM,2\n", "d:time n:number / 2020-01-31 14:05:00 1/ 2020-02-01 11:59:00 2", "month/day/year"},
		{"months as words", "d,n\n3-Jan-2020,1\n14-Feb-2021,2\n", "d:time n:number / 2020-01-03 1/ 2021-02-14 2", ""},
		{"Korean dates", "날짜,값\n2020년 1월 3일,1\n2021년 12월 31일,2\n", "날짜:time 값:number / 2020-01-03 1/ 2021-12-31 2", ""},
		{"a zone that is not known", "d,n\n2020-01-02 03:04:05 EST,1\n", "d:category n:number / 2020-01-02 03:04:05 EST 1", ""},
		{"names twice and thrice", "a,a,a,a_1\n1,2,3,4\n", "a:number a_2:number a_3:number a_1:number / 1 2 3 4", ""},
		{"years as names", "country,1990,1991,1992\nFrance,1,2,3\nSpain,4,5,6\n", "country:category 1990:number 1991:number 1992:number / France 1 2 3/ Spain 4 5 6", "first line is the header"},
		{"quoted line ends", "a,b\r\n\"x\r\ny\",1\r\n\"\n\",2\r\n", "a:category b:number / x\r\ny 1/ \n 2", ""},
		{"separators at line ends", "a,b,\n1,2,\n3,4,\n", "a:number b:number / 1 2/ 3 4", "every line ends with a separator"},
		{"separators at line ends but the header's", "a,b\n1,2,\n3,4,\n", "a:number b:number / 1 2/ 3 4", "every line ends with a separator"},
		{"aligned by spaces", "  name   age  height\n  ann     30    1.75\n  bob      4    1\n", "name:category age:number height:number / ann 30 1.75/ bob 4 1", "separator spaces"},
		{"sentences", "said\nhello big world\nnice to meet\n", "said:category / hello big world/ nice to meet", ""},
		{"Excel says the separator", "sep=;\na;b\n1;2\n", "a:number b:number / 1 2", "line 1 says which separator there is"},
		{"identifiers", "id,n\n00123,1\n12345678901234567890,2\n", "id:category n:number / 00123 1/ 12345678901234567890 2", "would lose digits as a number"},
		{"truths", "a,b,c\nTRUE,yes,1\nfalse,no,0\nTrue,yes,1\n", "a:boolean b:category c:number / True yes 1/ False no 0/ True yes 1", ""},
		{"spaces after separators", "a, b, c\n1, x, \"p, q\"\n2, y, r\n", "a:number b:category c:category / 1 x p, q/ 2 y r", ""},
		{"apostrophes as quotes", "a,b\n'x, y',1\n'it''s',2\n", "a:category b:number / x, y 1/ it's 2", "quotes '"},
		{"apostrophes in words", "a,b\nit's,1\n'tis,2\n", "a:category b:number / it's 1/ 'tis 2", ""},
		{"comments between", "# one\na,b\n1,2\n# two, three, four\n3,4\n#end\n", "a:number b:number / 1 2/ 3 4", "3 comment lines"},
		{"a value that begins with #", "tag,n\n#go,1\n#ml,2\n", "tag:category n:number / #go 1/ #ml 2", ""},
		{"question marks", "age,n\n?,1\n30,2\n31,3\n", "age:category n:number / ? 1/ 30 2/ 31 3", `na=["?"] makes the column numbers`},
		{"rows of separators alone", "a,b\n1,2\n,\n,\n", "a:number b:number / 1 2/ . ./ . .", "2 rows without any value"},
		{"one quoted line", "\"a\",\"b\"\n", "a:number b:number ", ""},
		{"only a header line", "a;b;c", "a:number b:number c:number ", ""},
		{"pipes", "a|b\n1|x,y\n2|z\n", "a:number b:category / 1 x,y/ 2 z", "'|'"},
		{"numbers of many kinds", "x\n1e-3\n+.5\n-0\n1E5\ninf\n-Infinity\n", "x:number / 0.001/ 0.5/ -0/ 100000/ inf/ -inf", ""},
	} {
		t.Run(f.name, func(t *testing.T) {
			tab, rep := parse(t, f.data, table.CSVOptions{})
			if got := dump(tab); got != f.want {
				t.Errorf("got  %q\nwant %q", got, f.want)
			}
			if said := strings.Join(rep.Sentences(), "\n"); !strings.Contains(said, f.says) {
				t.Errorf("the report does not say %q:\n%s", f.says, said)
			}
		})
	}
}

func TestOptionsOverride(t *testing.T) {
	for _, f := range []struct {
		name, data string
		o          table.CSVOptions
		want       string
	}{
		{"month first", "d\n01/02/2020\n", table.CSVOptions{Dates: table.MonthFirst}, "d:time / 2020-01-02"},
		{"keep NA", "c,n\nNA,1\n,2\n", table.CSVOptions{Keep: []string{"NA"}}, "c:category n:number / NA 1/ . 2"},
		{"keep NA in one column", "c,n\nNA,1\nKR,NA\n", table.CSVOptions{ColumnNA: map[string]table.NA{"c": {Keep: []string{"NA"}}}}, "c:category n:number / NA 1/ KR ."},
		{"missing in one column", "a,b\n-,-\n1,x\n", table.CSVOptions{ColumnNA: map[string]table.NA{"a": {Add: []string{"-"}}}}, "a:number b:category / . -/ 1 x"},
		{"the usual ones stay", "a\n?\n1\nNA\n", table.CSVOptions{NA: []string{"?"}}, "a:number / ./ 1/ ."},
		{"thousands", "a;b\n1.234;5\n", table.CSVOptions{Thousands: '.', Decimal: ','}, "a:number b:number / 1234 5"},
		{"comment", "a\n1\n%x\n2\n", table.CSVOptions{Comment: '%'}, "a:number / 1/ 2"},
		{"quote", "a,b\n'x,y',1\n\"z,2\n", table.CSVOptions{Quote: '\''}, "a:category b:number / x,y 1/ \"z 2"},
		{"no header", "a,b\n1,2\n", table.CSVOptions{Header: table.HeaderNo}, "column_1:category column_2:category / a b/ 1 2"},
		{"number with a unit", "a\n007 kr\n5 kr\n", table.CSVOptions{Types: map[string]table.Type{"a": table.Text}}, "a:text / 007 kr/ 5 kr"},
		{"stated numbers", "a\n\"$1,234\"\n0042\n", table.CSVOptions{Types: map[string]table.Type{"a": table.Number}}, "a:number / 1234/ 42"},
		{"spaces", "a b\n1  x\n", table.CSVOptions{Sep: ' '}, "a:number b:category / 1 x"},
		{"stated booleans", "a\nY\nno\n", table.CSVOptions{Types: map[string]table.Type{"a": table.Boolean}}, "a:boolean / True/ False"},
	} {
		t.Run(f.name, func(t *testing.T) {
			tab, _ := parse(t, f.data, f.o)
			if got := dump(tab); got != f.want {
				t.Errorf("got  %q\nwant %q", got, f.want)
			}
		})
	}
}

func TestRefusedFiles(t *testing.T) {
	zipped := func(names ...string) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, n := range names {
			w, _ := z.Create(n)
			w.Write([]byte("a,b\n1,2\n"))
		}
		z.Close()
		return b.String()
	}
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	z.Write(bytes.Repeat([]byte("a,b\n1,2\n"), 1000))
	z.Close()
	for _, f := range []refusal{
		{"zero byte late", "a,b\n" + strings.Repeat("1,2\n", 2000) + "3,\x004\n", table.CSVOptions{}, []string{"line 2002", "zero byte"}},
		{"backslash quotes", "a,b\n\"say \\\"hi\\\"\",1\n", table.CSVOptions{}, []string{"line 2", "doubled"}},
		{"Excel", zipped("[Content_Types].xml", "xl/workbook.xml"), table.CSVOptions{}, []string{"Excel", "save the sheet as CSV"}},
		{"two tables in a zip", zipped("a.csv", "b.csv"), table.CSVOptions{}, []string{"2 files", "a.csv, b.csv"}},
		{"cut gzip", gz.String()[:40], table.CSVOptions{}, []string{"gzip", "damaged or cut off"}},
		{"SQLite", "SQLite format 3\x00....", table.CSVOptions{}, []string{"sql("}},
		{"Parquet", "PAR1....", table.CSVOptions{}, []string{"read_parquet"}},
		{"only comments", "# a\n# b\n", table.CSVOptions{}, []string{"no lines of values"}},
		{"only line ends", "\n\n", table.CSVOptions{}, []string{"no lines of values"}},
		{"skipped away", "a\n1\n", table.CSVOptions{Skip: 9}, []string{"skip=9", "only 2 lines"}},
		{"comment with as many fields", "a,b\n1,2\n#x,y,z\n\"#\",1,2\n", table.CSVOptions{}, []string{"1 of", "line 4 (3 fields)"}},
		{"decimal mark", "a;b\n1;2\n", table.CSVOptions{Decimal: ';'}, []string{"decimal mark"}},
		{"unknown column of na", "a\n1\n", table.CSVOptions{ColumnNA: map[string]table.NA{"b": {}}}, []string{`no column "b"`}},
	} {
		f.check(t)
	}
}

func TestPackedFiles(t *testing.T) {
	const text = "a,b\n1,x\n2,y\n"
	var zst, zipped bytes.Buffer
	w, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte(text))
	w.Close()
	z := zip.NewWriter(&zipped)
	for _, n := range []string{"folder/", "README.md", "folder/a.csv"} {
		e, _ := z.Create(n)
		if !strings.HasSuffix(n, "/") {
			e.Write([]byte(text))
		}
	}
	z.Close()
	const bz = "BZh91AY&SY\xbc\xc7\x28\x45\x00\x00\x04\x59\x80\x00\x10\x00\x04\x30\x00\x30\x00\x00\x60\x20\x00\x31\x0c\x08\x23\x41\x9a\x8e\x04\x22\x17\x8b\xb9\x22\x9c\x28\x48\x5e\x63\x94\x22\x80"
	for name, data := range map[string]string{"zstd": zst.String(), "zip": zipped.String(), "bzip2": bz} {
		tab, rep := parse(t, data, table.CSVOptions{})
		if got, want := dump(tab), "a:number b:category / 1 x/ 2 y"; got != want || rep.Packed != name {
			t.Errorf("%s: %q, want %q", rep.Packed, got, want)
		}
	}
}

// TestWideFile has a header longer than the first sample.
func TestWideFile(t *testing.T) {
	const width = 30_000
	var b strings.Builder
	for row := range 3 {
		for j := range width {
			if row == 0 {
				fmt.Fprintf(&b, "measurement_%d", j)
			} else {
				fmt.Fprint(&b, row*j)
			}
			b.WriteByte(",\n"[flagInt(j == width-1)])
		}
	}
	tab, _ := parse(t, b.String(), table.CSVOptions{})
	if tab.Width() != width || tab.Len() != 2 || tab.At(width - 1).Floats()[1] != 2*(width-1) {
		t.Errorf("%s", tab.Size())
	}
}

func flagInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
