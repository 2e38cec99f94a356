package table

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
)

// WriteCSV writes the table with commas, a header and "" for missing; a file
// name that ends in .gz is compressed. Vectors become one column a number,
// images are refused.
func (t *Table) WriteCSV(path string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if !strings.HasSuffix(path, ".gz") {
		return t.EncodeCSV(f)
	}
	z := gzip.NewWriter(f)
	if err := t.EncodeCSV(z); err != nil {
		return err
	}
	return z.Close()
}

// EncodeCSV is WriteCSV to a stream.
func (t *Table) EncodeCSV(w io.Writer) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var names []string
	for _, c := range t.cols {
		if c.typ == Image {
			return fmt.Errorf("column %q holds images, which do not fit a text file; drop it", c.name)
		}
		names = append(names, featureNames(c.name, c.typ, c.Width())...)
	}
	writeRecord(b, names)
	rec := make([]string, 0, len(names))
	for i := range t.rows {
		rec = rec[:0]
		for _, c := range t.cols {
			if c.typ != Vector {
				rec = append(rec, c.Format(i))
				continue
			}
			for _, x := range c.vec[i*c.shape[0] : (i+1)*c.shape[0]] {
				s := ""
				if x == x {
					s = FormatNumber(float64(x))
				}
				rec = append(rec, s)
			}
		}
		writeRecord(b, rec)
	}
	return b.Flush()
}

func writeRecord(b *bufio.Writer, rec []string) {
	for i, s := range rec {
		if i > 0 {
			b.WriteByte(',')
		}
		// An only empty field is quoted: an empty line would be passed over.
		if s == "" && len(rec) == 1 || strings.ContainsAny(s, ",\"\n\r#") || strings.TrimSpace(s) != s {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		b.WriteString(s)
	}
	b.WriteByte('\n')
}
