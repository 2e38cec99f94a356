package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"mlpkernel/dsl"
	"mlpkernel/headless"
)

// document prints the reference, or what it says of some names, or writes it as
// a page with pictures.
func document(args []string, stdout, stderr io.Writer) int {
	var text string
	var err error
	if len(args) > 0 && strings.HasPrefix(args[0], "-") {
		text, err = documentPage(args)
	} else {
		text, err = dsl.Reference(args...)
	}
	if err != nil {
		fmt.Fprintln(stderr, "mlpkernel: error:", err)
		return 1
	}
	fmt.Fprintln(stdout, text)
	return 0
}

// documentPage runs the reference as a notebook and writes it as HTML.
func documentPage(args []string) (string, error) {
	if len(args) != 2 || args[0] != "--html" {
		return "", fmt.Errorf("doc wants names, nothing, or --html FILE, got %s", strings.Join(args, " "))
	}
	nb := headless.New()
	for _, c := range dsl.ReferenceCells() {
		kind := headless.Markdown
		if c.Code {
			kind = headless.Code
		}
		nb.Cells = append(nb.Cells, &headless.Cell{Type: kind, Source: c.Source, Metadata: map[string]any{}})
	}
	if err := headless.Run(context.Background(), nb, headless.Options{Start: self()}); err != nil {
		return "", err
	}
	page, err := headless.HTML(nb, ".")
	if err != nil {
		return "", err
	}
	return "wrote " + args[1], os.WriteFile(args[1], page, 0o644)
}
