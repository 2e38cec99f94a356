package main

import (
	_ "embed"
	"fmt"
	"os/exec"
	"strconv"

	"mlpkernel/nn/internal/kern"
)

//go:embed peers/sgemm.c
var sgemmSource string

// shapes are M, K, N of the layers of the works, and some larger ones.
var shapes = [][3]int{
	{4, 2, 8}, {16, 4, 16}, {16, 16, 16}, {32, 30, 64}, {32, 64, 64}, {256, 54, 256}, {256, 256, 256}, {256, 256, 7}, {128, 784, 512}, {128, 512, 512},
	{128, 512, 10}, {512, 1024, 2048}, {512, 2048, 2048}, {512, 2048, 1000}, {1024, 1024, 1024},
}

// product is one of the three of a layer.
type product struct {
	name   string
	ta, tb bool // of the factors, as BLAS has it
	make   func(m, k, n int) kern.Product
}

var products = []product{
	{"forward", false, false, func(m, k, n int) kern.Product {
		return kern.Product{M: m, N: n, K: k, A: rows(m, k), RsA: kern.Distance(k), CsA: 1, B: panels(k, n), BRows: k, C: rows(m, n), LdC: kern.Distance(n)}
	}},
	{"weights", true, false, func(m, k, n int) kern.Product {
		return kern.Product{M: k, N: n, K: m, A: rows(m, k), RsA: 1, CsA: kern.Distance(k), B: rows(m, n), BLd: kern.Distance(n), C: panels(k, n), CRows: k}
	}},
	{"inputs", false, true, func(m, k, n int) kern.Product {
		return kern.Product{M: m, N: k, K: n, A: rows(m, n), RsA: kern.Distance(n), CsA: 1, B: panels(n, k), BRows: n, C: rows(m, k), LdC: kern.Distance(k)}
	}},
}

// rows are count rows of a width.
func rows(count, width int) *float32 { return numbers(count * kern.Distance(width)) }

func panels(k, n int) *float32 { return numbers(kern.Panels{Rows: k, Cols: n}.Len()) }

func numbers(n int) *float32 {
	v := kern.Alloc(n)
	for i := range v {
		v[i] = float32(i*7%13)*0.01 - 0.06
	}
	return &v[0]
}

// libraries are what products are compared with, by Debian's places.
var libraries = []struct{ name, path string }{
	{"OpenBLAS", openmp + "/libopenblas.so.0"},
	{"oneDNN", "/usr/lib/x86_64-linux-gnu/libdnnl.so.2"},
}

// compareProducts prints a table of GFLOP/s.
func (s settings) compareProducts() error {
	path, remove := compile(sgemmSource, "-ldl")
	defer remove()
	fmt.Print("| M, K, N | product | ours, GFLOP/s |")
	for _, l := range libraries {
		fmt.Printf(" %s |", l.name)
	}
	fmt.Print(" ours / best |\n| --- | --- | ---: | ---: | ---: | ---: |\n")
	for _, d := range shapes {
		for _, p := range products {
			if err := s.productRow(path, p, d[0], d[1], d[2]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s settings) productRow(path string, p product, m, k, n int) error {
	q := p.make(m, k, n)
	set := kern.Sets()[0]
	w := &kern.Workspace{Set: set}
	var script kern.Script
	script.Begin(set)
	if p.ta && set.Turns(m, n) { // as in training
		x := q.A
		q.A, q.RsA, q.CsA = rows(k, m), kern.Distance(m), 1
		script.TransposeRows(q.A, q.RsA, x, kern.Distance(k), m, k)
	}
	script.Multiply(q, 0, kern.Panels{Rows: q.K, Cols: q.N}.Strips())
	sides := []*side{s.timed(func(steps int) error {
		for range steps {
			script.Run(w)
		}
		return nil
	}, 1)}
	for _, l := range libraries {
		cmd := exec.Command(path, l.path, bit(p.ta), bit(p.tb), strconv.Itoa(q.M), strconv.Itoa(q.N), strconv.Itoa(q.K))
		cmd.Env = environment(1)
		if peer := converse(cmd); peer != nil {
			defer peer.close()
			sides = append(sides, peer)
		}
	}
	var ratios []float64
	for range s.rounds {
		best := 1e300
		for i, p := range sides {
			if err := p.measure(); err != nil {
				return err
			}
			if i > 0 {
				best = min(best, p.times[len(p.times)-1])
			}
		}
		ratios = append(ratios, best/sides[0].times[len(sides[0].times)-1])
	}
	fmt.Printf("| %d, %d, %d | %s |", m, k, n, p.name)
	for _, side := range sides {
		fmt.Printf(" %s |", digits(2*float64(m)*float64(k)*float64(n)/median(side.times)/1e3))
	}
	fmt.Printf(" %.2f |\n", median(ratios))
	return nil
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}
