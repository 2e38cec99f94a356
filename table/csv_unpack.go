package table

import (
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// maxUnpacked bounds what a packed file may become: a few kilobytes can
// stand for more than any memory.
const maxUnpacked = 4 << 30

// unpackers by the first bytes of a file.
var unpackers = []struct {
	magic, name string
	open        func(r *io.SectionReader) (io.Reader, error)
}{
	{"\x1f\x8b", "gzip", func(r *io.SectionReader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"BZh", "bzip2", func(r *io.SectionReader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
	{"\x28\xb5\x2f\xfd", "zstd", func(r *io.SectionReader) (io.Reader, error) {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxUnpacked))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}},
	{"PK\x03\x04", "zip", unzip},
}

// otherFiles are kinds of files that are not text, and what to do with them.
var otherFiles = []struct{ magic, what string }{
	{"PAR1", "a Parquet file; read_parquet reads it"},
	{"SQLite format 3\x00", "a SQLite database; sql(\"select …\", file=…) reads it"},
	{"\xfd7zXZ\x00", "packed by xz; unpack it first"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"},
	{"PK\x05\x06", "an empty zip archive"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file; save it as CSV first"},
	{"\x89HDF\r\n", "an HDF5 file; save its table as CSV or Parquet first"},
	{"ARROW1", "an Arrow file; save it as Parquet first"},
	{"%PDF-", "a PDF document"},
}

// unpack returns the contents of a packed file, and refuses kinds of files
// that are known not to be text.
func (f *csvFile) unpack(src source, head []byte) (source, error) {
	for _, o := range otherFiles {
		if bytes.HasPrefix(head, []byte(o.magic)) {
			return nil, errors.New("this is not a text file but " + o.what)
		}
	}
	for _, u := range unpackers {
		if !bytes.HasPrefix(head, []byte(u.magic)) {
			continue
		}
		f.report.Packed = u.name
		r, err := u.open(io.NewSectionReader(src, 0, src.Size()))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", u.name, err)
		}
		if c, ok := r.(io.Closer); ok {
			defer c.Close()
		}
		data, err := io.ReadAll(io.LimitReader(r, maxUnpacked+1))
		if err != nil {
			return nil, fmt.Errorf("%s: the packed file is damaged or cut off: %w", u.name, err)
		}
		if len(data) > maxUnpacked {
			return nil, fmt.Errorf("%s: more than %d GiB when unpacked; unpack it to a file and read that", u.name, maxUnpacked>>30)
		}
		return bytesSource(data), nil
	}
	return src, nil
}

// unzip opens the only file of an archive, or the only one that is named as a
// table of text is.
func unzip(r *io.SectionReader) (io.Reader, error) {
	z, err := zip.NewReader(r, r.Size())
	if err != nil {
		return nil, err
	}
	files := slices.DeleteFunc(slices.Clone(z.File), func(f *zip.File) bool {
		return strings.HasSuffix(f.Name, "/") || strings.HasPrefix(f.Name, "__MACOSX/")
	})
	if slices.ContainsFunc(files, func(f *zip.File) bool { return f.Name == "[Content_Types].xml" || f.Name == "content.xml" }) {
		return nil, errors.New("this is an Excel or Office file; save the sheet as CSV first")
	}
	if len(files) > 1 {
		if some := slices.DeleteFunc(slices.Clone(files), func(f *zip.File) bool { return !looksTabular(f.Name) }); len(some) > 0 {
			files = some
		}
	}
	if len(files) != 1 {
		var names []string
		for _, f := range files {
			names = append(names, f.Name)
		}
		return nil, fmt.Errorf("the archive holds %s (%s) and not one table; unpack it, then read the one you want", plural(len(files), "file"), list(names))
	}
	return files[0].Open()
}

func looksTabular(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{".csv", ".tsv", ".tab", ".txt", ".dat"}, func(end string) bool { return strings.HasSuffix(name, end) })
}
