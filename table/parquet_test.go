package table_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"mlpkernel/table"
)

func TestParquetRoundTrip(t *testing.T) {
	for _, tab := range []*table.Table{small(t), dataset(t, "diamonds").Head(3000), dataset(t, "birdstrikes"), small(t).Head(0)} {
		path := filepath.Join(t.TempDir(), "t.parquet")
		if err := tab.WriteParquet(path); err != nil {
			t.Fatal(err)
		}
		got, notes, err := table.ReadParquet(context.Background(), path)
		if err != nil || len(notes) > 0 {
			t.Fatal(err, notes)
		}
		if dump(got) != dump(tab) {
			t.Errorf("%s came back differently:\n%.300s\n%.300s", tab.Size(), dump(got), dump(tab))
		}
		for j := range tab.Width() {
			if !reflect.DeepEqual(got.At(j).Levels(), tab.At(j).Levels()) {
				t.Errorf("levels %q, want %q", got.At(j).Levels(), tab.At(j).Levels())
			}
		}
	}
}

func TestParquetOfOthers(t *testing.T) {
	type inner struct{ X int64 }
	type row struct {
		ID    int64
		Big   int64
		Small int32
		Name  *string
		In    inner
		F     float32
	}
	path := filepath.Join(t.TempDir(), "o.parquet")
	a := "ann"
	if err := parquet.WriteFile(path, []row{{1, 1 << 60, 5, &a, inner{7}, .5}, {2, 3, 6, nil, inner{8}, 1.5}}); err != nil {
		t.Fatal(err)
	}
	got, notes, err := table.ReadParquet(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "ID:number Big:text Small:number Name:category In.X:number F:number / 1 1152921504606846976 5 ann 7 0.5/ 2 3 6 . 8 1.5"; dump(got) != want {
		t.Errorf("%q, want %q", dump(got), want)
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "Big") {
		t.Errorf("notes %q", notes)
	}
	got, _, err = table.ReadParquet(context.Background(), path, "F", "ID")
	if err != nil || dump(got) != "F:number ID:number / 0.5 1/ 1.5 2" {
		t.Errorf("two columns: %v %q", err, dump(got))
	}
	if _, _, err := table.ReadParquet(context.Background(), path, "Nmae"); err == nil || !strings.Contains(err.Error(), `did you mean "Name"`) {
		t.Errorf("near name: %v", err)
	}
}

func TestParquetErrors(t *testing.T) {
	type lists struct{ L []int64 }
	dir := t.TempDir()
	parquet.WriteFile(filepath.Join(dir, "lists"), []lists{{[]int64{1, 2}}})
	os.WriteFile(filepath.Join(dir, "text"), []byte("a,b\n1,2\n"), 0o666)
	for name, want := range map[string]string{"lists": "holds lists", "text": "not a Parquet file", "none": "no file"} {
		if _, _, err := table.ReadParquet(context.Background(), filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// TestParquetCut: a file that was cut off is an error, never a panic.
func TestParquetCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.parquet")
	if err := small(t).WriteParquet(path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(data); n += 13 {
		os.WriteFile(path, data[:n], 0o666)
		if _, _, err := table.ReadParquet(context.Background(), path); err == nil {
			t.Errorf("no error from the first %d of %d bytes", n, len(data))
		}
	}
}
