package table

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// csvBlock is whole records of the file.
type csvBlock struct {
	off, end int64
	line     int // number of its first line, from 1
	row      int // number of its first row, counting empty lines as rows
	lines    int // records, counting empty lines
}

// blockSize is how much a goroutine reads at a time.
const blockSize = 1 << 20

// cut is what one block-sized stretch of lines says before it is known
// whether it begins inside quotes: the second half of each pair is for that case.
type cut struct {
	off, end int64
	newlines int
	records  [2]int  // ends of records
	inside   [2]bool // does it end inside quotes
	opened   [2]int  // offset of the last quote that was opened, -1 if none
	utf8     bool
	zero     int // offset of the first zero byte, -1 if none
}

// index cuts the data lines to blocks of whole records. Blocks are looked at
// in parallel, for both cases of quotes, and then joined in order.
func (f *csvFile) index(ctx context.Context) ([]csvBlock, error) {
	n := int((f.src.Size() - f.body + blockSize - 1) / blockSize)
	cuts := make([]cut, n)
	err := parallel(ctx, n, func() func(int) error {
		var buf []byte
		return func(i int) (err error) {
			cuts[i], buf, err = f.cutBlock(i, buf)
			return err
		}
	})
	if err != nil {
		return nil, err
	}
	return f.join(cuts)
}

// parallel calls a function made by each of a few goroutines for 0..n-1. A panic
// on one of them becomes one of the caller.
func parallel(ctx context.Context, n int, worker func() func(int) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	workers := min(n, runtime.GOMAXPROCS(0))
	errs := make([]error, n)
	var fault atomic.Pointer[any]
	for range workers {
		do := worker()
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					fault.CompareAndSwap(nil, &p)
				}
			}()
			for {
				i := int(next.Add(1)) - 1
				if i >= n || ctx.Err() != nil {
					return
				}
				errs[i] = do(i)
			}
		})
	}
	wg.Wait()
	if p := fault.Load(); p != nil {
		panic(*p)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return firstError(errs...)
}

// lineAfter returns the offset after the first line end at or after off.
func (f *csvFile) lineAfter(off int64, buf []byte) (int64, []byte, error) {
	for step := int64(1 << 12); off < f.src.Size(); step *= 2 {
		b, err := window(f.src, buf, off, off+step)
		if err != nil {
			return 0, buf, err
		}
		if _, inMemory := f.src.(bytesSource); !inMemory {
			buf = b
		}
		if k := bytes.IndexByte(b, '\n'); k >= 0 {
			return off + int64(k) + 1, buf, nil
		}
		off += int64(len(b))
	}
	return f.src.Size(), buf, nil
}

func (f *csvFile) cutBlock(i int, buf []byte) (cut, []byte, error) {
	c := cut{off: f.body, opened: [2]int{-1, -1}}
	var err error
	if i > 0 {
		if c.off, buf, err = f.lineAfter(f.body+int64(i)*blockSize-1, buf); err != nil {
			return c, buf, err
		}
	}
	if c.end, buf, err = f.lineAfter(f.body+int64(i+1)*blockSize-1, buf); err != nil {
		return c, buf, err
	}
	b, err := window(f.src, buf, c.off, c.end)
	if err != nil {
		return c, buf, err
	}
	if _, inMemory := f.src.(bytesSource); !inMemory {
		buf = b
	}
	c.newlines = bytes.Count(b, []byte{'\n'})
	c.utf8 = utf8.Valid(b)
	c.zero = bytes.IndexByte(b, 0)
	if bytes.IndexByte(b, f.quote) < 0 {
		c.records = [2]int{c.newlines, 0}
		c.inside = [2]bool{false, true}
		return c, buf, nil
	}
	for s := range 2 {
		c.records[s], c.inside[s], c.opened[s] = countRecords(b, f.sep, f.quote, s == 1)
	}
	return c, buf, nil
}

// countRecords counts line ends outside quotes. A quote opens at the
// beginning of a field only; inside quotes two quotes are one.
func countRecords(b []byte, sep, quote byte, inside bool) (records int, endsInside bool, opened int) {
	opened = -1
	for i := 0; i < len(b); {
		q := bytes.IndexByte(b[i:], quote)
		if q < 0 {
			q = len(b) - i
		}
		if !inside {
			records += bytes.Count(b[i:i+q], []byte{'\n'})
		}
		if i += q; i == len(b) {
			break
		}
		switch {
		case inside && i+1 < len(b) && b[i+1] == quote:
			i++
		case inside:
			inside = false
		case opensField(b, i, sep):
			inside, opened = true, i
		}
		i++
	}
	return records, inside, opened
}

// opensField tells whether only spaces stand between b[i] and the separator
// or line end before it.
func opensField(b []byte, i int, sep byte) bool {
	for i > 0 && b[i-1] == ' ' {
		i--
	}
	return i == 0 || b[i-1] == sep || b[i-1] == '\n'
}

// join numbers rows and lines, and appends a block that begins inside quotes
// to the one before.
func (f *csvFile) join(cuts []cut) ([]csvBlock, error) {
	var out []csvBlock
	line, row, inside := f.line, 0, 0
	opened := int64(-1)
	for _, c := range cuts {
		if !c.utf8 {
			return nil, errNotUTF8
		}
		if c.zero >= 0 {
			return nil, f.zeroByte(c.off + int64(c.zero))
		}
		if c.off == c.end {
			continue
		}
		if inside == 1 && len(out) > 0 {
			out[len(out)-1].end = c.end
		} else {
			out = append(out, csvBlock{off: c.off, end: c.end, line: line, row: row})
		}
		last := &out[len(out)-1]
		last.lines += c.records[inside]
		line += c.newlines
		row += c.records[inside]
		if c.opened[inside] >= 0 {
			opened = c.off + int64(c.opened[inside])
		}
		if c.inside[inside] {
			inside = 1
		} else {
			inside = 0
		}
	}
	if inside == 1 {
		return nil, f.unclosed(opened)
	}
	if n := len(out); n > 0 { // a last line without line end
		b, err := window(f.src, nil, out[n-1].end-1, out[n-1].end)
		if err != nil {
			return nil, err
		}
		if b[0] != '\n' {
			out[n-1].lines++
		}
	}
	return out, nil
}

func (f *csvFile) unclosed(at int64) error {
	line, err := f.lineOf(at)
	if err != nil {
		return err
	}
	return fmt.Errorf("a quote that opens in line %d is never closed; close it or remove it", line)
}

func (f *csvFile) zeroByte(at int64) error {
	line, err := f.lineOf(at)
	if err != nil {
		return err
	}
	return fmt.Errorf("line %d has a zero byte, which text has not; the file is damaged, or it is UTF-16 (encoding=\"utf-16\")", line)
}

// lineOf returns the number of the line at an offset.
func (f *csvFile) lineOf(at int64) (int, error) {
	line := 1
	for off := int64(0); off < at; {
		b, err := window(f.src, nil, off, min(at, off+blockSize))
		if err != nil {
			return 0, err
		}
		line += bytes.Count(b, []byte{'\n'})
		off += int64(len(b))
	}
	return line, nil
}
