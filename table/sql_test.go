package table_test

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"mlpkernel/table"
)

func TestSQL(t *testing.T) {
	tab := small(t)
	nums, _ := table.New(table.Numbers("n", []float64{1, 2, 3, 4, 10, math.NaN()}))
	for _, f := range []struct{ query, want string }{
		{"select * from t", dump(tab)},
		{"select c, count(*) as k, sum(n) as s from t group by c order by c", "c:category k:number s:number / . 1 4/ x 2 1/ y 1 2"},
		{"select median(n) m, stddev(n) s, quantile(n, 0.25) q from u", "m:number s:number q:number / 3 3.5355339059327378 2"},
		{"with w as (select n from u where n > 2) select count(*) k from w", "k:number / 3"},
		{"select n, sum(n) over (order by n rows between 1 preceding and current row) s from u where n < 4", "n:number s:number / 1 1/ 2 3/ 3 5"},
		{"select median(n) over (order by n rows between 1 preceding and current row) m from u where n < 4", "m:number / 1/ 1.5/ 2.5"},
		{"select t.n, u.n as n2 from t join u on t.n = u.n where t.n > 1", "n:number n2:number / 2 2/ 4 4"},
		{"select count(*) from t where b", "count(*):number / 2"},
		{"select strftime('%d', d) as day from t where d > '2020-01-02'", "day:category / 04"},
		{"select n from t where word = ?", "n:number / 1/ 4"},
		{"select n from t where c = 'X' collate nocase order by n", "n:number / ./ 1"},
		{"select n from t where n = '2' or n = 4", "n:number / 2/ 4"},
		{"select n from t where n = '2'", "n:number / 2"},
		{"select n from t where b = 1 and n is not null", "n:number / 1/ 4"},
		{"select n from t where d = '2020-01-01'", "n:number / 1"},
		{"select t.n, u.n as m from t left join u on t.n = u.n order by t.n is null, t.n", "n:number m:number / 1 1/ 2 2/ 4 4/ . ."},
		{"select a.c, count(*) as k from t a join t b on a.c = b.c and a.word = b.word group by a.c", "c:category k:number / x 2/ y 1"},
		{"select std(n) s, round(sqrt(max(n)), 1) as r from u where n = 4 or n = 10", "s:number r:number / 4.242640687119285 3.2"},
		{"select 1 as a, 2 as a", "a:number a_1:number / 1 2"},
		{"select * from t where n > 99", "n:number c:number b:boolean d:number word:number "},
		{"select n from u union all select 'x'", "n:category / 1/ 2/ 3/ 4/ 10/ ./ x"},
	} {
		o := table.SQLOptions{Tables: map[string]*table.Table{"t": tab, "u": nums}}
		if strings.Contains(f.query, "?") {
			o.Args = []any{"aa"}
		}
		got, err := table.SQL(context.Background(), f.query, o)
		if err != nil {
			t.Errorf("%s: %v", f.query, err)
			continue
		}
		if f.query == "select * from t" {
			word, _ := got.Col("word")
			got, _ = got.Assign(word.ToText())
		}
		if dump(got) != f.want {
			t.Errorf("%s: %q, want %q", f.query, dump(got), f.want)
		}
	}
}

func TestSQLErrors(t *testing.T) {
	tab := small(t)
	o := table.SQLOptions{Tables: map[string]*table.Table{"table1": tab}}
	for _, f := range []struct{ query, want string }{
		{"select * from tabel1", `did you mean "table1"`}, {"select * from other", `no table "other"`}, {"select zzz from table1", "no column \"zzz\"; there are n, c, b, d, word"},
		{"selec 1", "syntax error\n    selec 1\n    ^"}, {"select x,\n  y from\n", "ends too early\n      y from\n            ^"},
		{"select c as '한글', c form table1 group by c form", "near \"table1\": syntax error\n    select c as '한글', c form table1 group by c form\n                               ^"},
		{"select c, cc\nfrom table1", "no column \"cc\"; did you mean \"c\"?\n    select c, cc\n              ^"}, {"select stdv(n) from table1", "no such function: stdv; besides"},
	} {
		if _, err := table.SQL(context.Background(), f.query, o); err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s: %v, want %q", f.query, err, f.want)
		}
	}
	if _, err := table.SQL(context.Background(), "select 1", table.SQLOptions{File: "no.sqlite"}); err == nil || !strings.Contains(err.Error(), "no file") {
		t.Errorf("missing file: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := table.SQL(ctx, "with recursive c(x) as (select 1 union all select x+1 from c) select count(*) from c", table.SQLOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestSQLiteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b#.sqlite")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("create table p(id integer, name text); insert into p values (1, 'ann'), (2, null); create view v as select 1"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	names, err := table.SQLiteTables(context.Background(), path)
	if err != nil || strings.Join(names, " ") != "p v" {
		t.Errorf("tables %q, %v", names, err)
	}
	u, _ := table.New(table.Numbers("id", []float64{1, 2}), table.Numbers("age", []float64{30, 40}))
	got, err := table.SQL(context.Background(), "select name, age from p join u using (id) order by id", table.SQLOptions{File: path, Tables: map[string]*table.Table{"u": u}})
	if want := "name:category age:number / ann 30/ . 40"; err != nil || dump(got) != want {
		t.Errorf("%v %q, want %q", err, dump(got), want)
	}
	if _, err := table.SQL(context.Background(), "insert into p values (3, 'x')", table.SQLOptions{File: path}); err == nil {
		t.Error("the file was written to")
	}
}

// TestSQLJoinsLargeTables: a join of two large tables by a key of many values;
// without an index it would take billions of comparisons.
func TestSQLJoinsLargeTables(t *testing.T) {
	const n = 40_000
	id, word := make([]float64, n), make([]string, n)
	for i := range id {
		id[i] = float64((i * 7919) % n)
		word[i] = "w" + strconv.Itoa(i%10_000)
	}
	a, _ := table.New(table.Numbers("id", id), table.Texts("word", word, nil))
	o := table.SQLOptions{Tables: map[string]*table.Table{"a": a, "b": a.Slice(0, n/2)}}
	for query, want := range map[string]string{
		"select count(*) k, sum(a.id - b.id) d from a join b on a.id = b.id":         "k:number d:number / 20000 0",
		"select count(*) k from b join a on a.word = b.word where b.id < 1000":       "k:number / 1996",
		"select count(*) k from a left join b using (id) where b.id is null":         "k:number / 20000",
		"select count(*) k from a where id in (select id from b where word = 'w17')": "k:number / 2",
	} {
		got, err := table.SQL(context.Background(), query, o)
		if err != nil || dump(got) != want {
			t.Errorf("%s: %v %q, want %q", query, err, dump(got), want)
		}
	}
}
