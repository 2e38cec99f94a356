package table_test

import (
	"context"
	"fmt"

	"mlpkernel/table"
)

func Example() {
	t, err := table.Dataset("penguins", table.DatasetOptions{})
	if err != nil {
		panic(err)
	}
	heavy, err := t.Where("body_mass_g > ? and sex = ?", 5500.0, "male")
	if err != nil {
		panic(err)
	}
	fmt.Println(heavy.Size())
	mass, err := table.SQL(context.Background(), "select species, median(body_mass_g) as mass from t group by species", table.SQLOptions{Tables: map[string]*table.Table{"t": t}})
	if err != nil {
		panic(err)
	}
	fmt.Println(mass)
	// Output:
	// 28 rows × 8 columns
	// species      mass
	// category   number
	// Adelie       3700
	// Chinstrap    3700
	// Gentoo       5000
	// 3 rows × 2 columns
}

func ExampleFitPrep() {
	t, _, err := table.ParseCSV(context.Background(), "people.csv", []byte("age,sex,y\n20,m,1\n30,f,0\n,f,1\n50,m,0\n"), table.CSVOptions{})
	if err != nil {
		panic(err)
	}
	f, err := table.FitPrep(table.Auto{}, t, []string{"age", "sex"})
	if err != nil {
		panic(err)
	}
	for _, sentence := range f.Report() {
		fmt.Println(sentence)
	}
	e, err := f.Apply(t)
	if err != nil {
		panic(err)
	}
	fmt.Println(f.Features(), e.X[:4])
	// Output:
	// age: 1 missing value filled with 30 (median), and "age is missing" says where
	// robust scale (median 0, quartiles 1 apart): age
	// smoothly clipped to ±3: age
	// one-hot: sex (2)
	// [age age is missing sex=f sex=m] [-1.2184154 0 0 1]
}
