package table

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql/driver"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// fuzzTable has a column of each type that files hold.
func fuzzTable(f *testing.F) *Table {
	f.Helper()
	t, _, err := ParseCSV(context.Background(), "seed", []byte("n,c,b,d,w\n1.5,x,true,2020-01-01,long\n,y,,2021-02-03 04:05:06,\n-3,,false,,text\n"), CSVOptions{Types: map[string]Type{"w": Text}})
	if err != nil {
		f.Fatal(err)
	}
	return t
}

// FuzzReadParquet: no panic and no end of memory, and as many rows as the file
// says there are.
func FuzzReadParquet(f *testing.F) {
	path := filepath.Join(f.TempDir(), "t.parquet")
	if err := fuzzTable(f).WriteParquet(path); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte("PAR1PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		readParquet(context.Background(), bytes.NewReader(data), int64(len(data)), nil)
	})
}

// TestDamagedParquet changes a few bytes here and there: an error or another
// value, but never a panic, and never memory for sizes that a footer made up.
func TestDamagedParquet(t *testing.T) {
	tab, _, err := ParseCSV(context.Background(), "t", []byte("n,c\n1.5,x\n,y\n-3,\n"), CSVOptions{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "t.parquet")
	if err := tab.WriteParquet(path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	r := newRand(1, 2)
	for range 1000 {
		d := bytes.Clone(data)
		for range 1 + r.IntN(4) {
			d[r.IntN(len(d))] = byte(r.IntN(256))
		}
		runtime.ReadMemStats(&before)
		readParquet(context.Background(), bytes.NewReader(d), int64(len(d)), nil)
		runtime.ReadMemStats(&after)
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 500 {
			t.Fatalf("a damaged file of %d bytes took %d MB", len(d), mb)
		}
	}
}

// FuzzReadIDX: no panic, and every byte that the header promises.
func FuzzReadIDX(f *testing.F) {
	image := []byte{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(image)
	w.Close()
	f.Add(image, []byte{0, 0, 8, 1, 0, 0, 0, 2, 0, 9})
	f.Add(z.Bytes(), []byte{0, 0, 8, 1, 0, 0, 0, 1, 5})
	f.Add([]byte{0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 1}, []byte{})
	f.Fuzz(func(t *testing.T, images, labels []byte) {
		if c, err := idxImages("fuzz", bytes.NewReader(images)); err == nil && len(c.pix) != c.n*c.Width() {
			t.Fatalf("%d pixels for %d images of %v", len(c.pix), c.n, c.shape)
		}
		idxLabels("fuzz", bytes.NewReader(labels), nil)
		idxLabels("fuzz", bytes.NewReader(labels), fashionLabels)
	})
}

// FuzzReadSQLite: no panic on damaged files; the file is never written to.
func FuzzReadSQLite(f *testing.F) {
	dir := f.TempDir()
	seed := filepath.Join(dir, "seed.sqlite")
	e, err := engine()
	if err != nil {
		f.Fatal(err)
	}
	conn, err := e.driver.Open(seed)
	if err != nil {
		f.Fatal(err)
	}
	exec := conn.(driver.ExecerContext)
	for _, s := range []string{"create table p(id integer, name text, x real, born date)", "insert into p values (1, 'ann', 1.5, '2001-02-03'), (2, null, 1e300, null)", "create view v as select * from p"} {
		if _, err := exec.ExecContext(context.Background(), s, nil); err != nil {
			f.Fatal(err)
		}
	}
	conn.Close()
	data, err := os.ReadFile(seed)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)-700])
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "t.sqlite")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		names, err := SQLiteTables(context.Background(), path)
		if err != nil {
			return
		}
		for _, name := range names {
			SQL(context.Background(), "select * from "+quoteName(name)+" limit 100", SQLOptions{File: path})
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, data) {
			t.Fatal("the file was changed")
		}
	})
}

// TestPreparationSeesTrainingRowsOnly: values of other rows, however wild, do
// not change what is learnt, and rows are prepared one by one.
func TestPreparationSeesTrainingRowsOnly(t *testing.T) {
	all, err := Dataset("penguins", DatasetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	train, _, test, err := Split(all, SplitOptions{Test: 0.3, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	features := []string{"island", "bill_length_mm", "body_mass_g", "sex", "year"}
	for _, p := range []Prep{Auto{}, Standardize{}, QuantileNormal{}, Chain{Impute{Strategy: "most_frequent", Flag: true}, Ordinal{}}, Chain{Impute{}, Bin{}}} {
		f, err := FitPrep(p, train, features)
		if err != nil {
			t.Fatal(err)
		}
		before, err := f.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		whole, err := f.Apply64(test)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range []int{0, 17, test.rows - 1} {
			alone, err := f.Apply64(test.Slice(i, i+1))
			if err != nil {
				t.Fatal(err)
			}
			for j, x := range alone.X {
				if want := whole.X[i*whole.Width+j]; x != want {
					t.Errorf("%s: row %d alone gives %v for %s, among others %v", p.Source(), i, x, f.Features()[j], want)
				}
			}
		}
		if after, _ := f.MarshalJSON(); !bytes.Equal(before, after) {
			t.Errorf("%s: preparing rows changed what was learnt", p.Source())
		}
	}
}
