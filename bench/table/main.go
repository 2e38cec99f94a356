// Command table measures package table for compare.py: each call does one
// thing in a fresh process and prints its seconds and the process's peak
// memory as JSON.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"time"

	"mlpkernel/table"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: table gen FILE ROWS | csv FILE | to_parquet CSV FILE | parquet FILE | sql FILE QUERY")
	}
	ctx, path := context.Background(), args[1]
	read := func() (*table.Table, error) {
		t, _, err := table.ReadCSV(ctx, path, table.CSVOptions{})
		return t, err
	}
	switch args[0] {
	case "gen":
		rows, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		return generate(path, rows)
	case "csv":
		return measure(read)
	case "to_parquet":
		t, err := read()
		if err != nil {
			return err
		}
		return t.WriteParquet(args[2])
	case "parquet":
		return measure(func() (*table.Table, error) {
			t, _, err := table.ReadParquet(ctx, path)
			return t, err
		})
	case "sql":
		t, err := read()
		if err != nil {
			return err
		}
		return measure(func() (*table.Table, error) {
			return table.SQL(ctx, args[2], table.SQLOptions{Tables: map[string]*table.Table{"t": t}})
		})
	}
	return fmt.Errorf("unknown %q", args[0])
}

// measure prints how long f takes, the shape of its result, the mean of its
// last number column as a check, and the peak memory of the process.
func measure(f func() (*table.Table, error)) error {
	begin := time.Now()
	t, err := f()
	seconds := time.Since(begin).Seconds()
	if err != nil {
		return err
	}
	check := 0.0
	for j := range t.Width() {
		if t.At(j).Type() == table.Number {
			check, _ = t.At(j).Mean()
		}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"seconds": seconds, "megabytes": peakMegabytes(), "rows": t.Len(), "columns": t.Width(), "check": check})
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMegabytes is 0 where the system does not say.
func peakMegabytes() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := highWater.FindSubmatch(b)
	if m == nil {
		return 0
	}
	kb, _ := strconv.ParseFloat(string(m[1]), 64)
	return kb / 1024
}

// generate writes rows of 20 columns: an identifier, 8 numbers (5 % missing), 3
// whole numbers (3 %), 4 of words with 3 to 1,000 levels (4 %, some quoted), a
// boolean, a day, 2 numbers with many digits or an exponent.
func generate(path string, rows int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	r := rand.New(rand.NewPCG(1, 2))
	w.WriteString("id,f0,f1,f2,f3,f4,f5,f6,f7,i0,i1,i2,s0,s1,s2,s3,flag,day,e,target\n")
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	var b []byte
	for i := range rows {
		b = strconv.AppendInt(b[:0], int64(i), 10)
		for j := range 8 {
			b = append(b, ',')
			if r.Float64() >= 0.05 {
				b = strconv.AppendFloat(b, r.NormFloat64()*float64(j+1), 'f', 6, 64)
			}
		}
		for range 3 {
			b = append(b, ',')
			if r.Float64() >= 0.03 {
				b = strconv.AppendInt(b, int64(r.IntN(100_000)), 10)
			}
		}
		for j, levels := range []int{3, 10, 50, 1000} {
			b = append(b, ',')
			switch k := r.IntN(levels); {
			case r.Float64() < 0.04:
			case k%7 == 3:
				b = fmt.Appendf(b, `"level %d, of %d"`, k, j)
			default:
				b = fmt.Appendf(b, "level_%d", k)
			}
		}
		b = strconv.AppendBool(append(b, ','), r.IntN(2) == 1)
		b = day.AddDate(0, 0, r.IntN(8000)).AppendFormat(append(b, ','), "2006-01-02")
		b = strconv.AppendFloat(append(b, ','), r.ExpFloat64()*1e-5, 'e', 6, 64)
		b = strconv.AppendFloat(append(b, ','), r.NormFloat64(), 'g', -1, 64)
		w.Write(append(b, '\n'))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
