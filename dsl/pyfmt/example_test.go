package pyfmt_test

import (
	"fmt"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

func ExampleFormat() {
	for _, spec := range []string{"", ".2f", ">10.1%", "e", "*^12,.1f"} {
		text, err := pyfmt.Format(starlark.Float(1234.5), spec)
		fmt.Printf("%q %v\n", text, err)
	}
	// Output:
	// "1234.5" <nil>
	// "1234.50" <nil>
	// " 123450.0%" <nil>
	// "1.234500e+03" <nil>
	// "**1,234.5***" <nil>
}
