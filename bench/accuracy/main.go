// Accuracy prints how good networks of default options are on the bundled data
// sets, beside scikit-learn's on the same folds where /usr/bin/python3 has it:
//
//	go run ./bench/accuracy            five folds of each data set
//	go run ./bench/accuracy -fashion   Fashion-MNIST (Debian's dataset-fashion-mnist)
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/table"
)

//go:embed peer.py
var peer string

// sets are what is measured: names with targets, and how many rows at most.
var sets = []struct {
	name, target string
	rows         int
}{
	{"iris", "species", 0}, {"wine", "cultivar", 0}, {"breast_cancer", "diagnosis", 0}, {"digits", "digit", 0}, {"penguins", "species", 0},
	{"diabetes", "progression", 0}, {"diamonds", "price", 5000},
}

func main() {
	fashion := flag.Bool("fashion", false, "Fashion-MNIST")
	flag.Parse()
	run := folds
	if *fashion {
		run = fashionMNIST
	}
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

// folds cross-validates dense(100, relu) >> output(), scikit-learn's default
// network, with the default options of each side.
func folds(ctx context.Context) error {
	fmt.Println("| data | score | mlpkernel | scikit-learn |\n|---|---|---|---|")
	for _, s := range sets {
		t, err := table.Dataset(s.name, table.DatasetOptions{})
		if err != nil {
			return err
		}
		if s.rows > 0 {
			if t, err = t.Sample(s.rows, 0); err != nil {
				return err
			}
		}
		o := learn.Options{
			Net: nn.Chain(nn.Dense{Units: 100, Activation: nn.Act("relu")}, nn.Output{}), Data: t, Target: []string{s.target},
			Backends: []nn.Backend{cpu.New()}, Record: []string{"none"},
		}
		x, err := learn.CrossValidate(ctx, o, 5, table.FoldOptions{}, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		theirs, err := scikit(ctx, t, s.target, x.Metric == "accuracy")
		if err != nil {
			theirs = err.Error()
		}
		fmt.Printf("| %s | %s | %s | %s |\n", s.name, x.Metric, spread(x.Score[0], x.Spread[0]), theirs)
	}
	return nil
}

func spread(mean, std float64) string {
	if mean > 1 {
		return fmt.Sprintf("%.1f ± %.1f", mean, std)
	}
	return fmt.Sprintf("%.4f ± %.4f", mean, std)
}

// job is what the script reads.
type job struct {
	Numbers [][]*float64 `json:"numbers"`
	Words   [][]string   `json:"words"`
	Target  []any        `json:"target"`
	Classes bool         `json:"classes"`
	Folds   []table.Fold `json:"folds"`
}

// scikit scores scikit-learn on the folds that CrossValidate takes.
func scikit(ctx context.Context, t *table.Table, target string, classes bool) (string, error) {
	t, err := t.DropMissing(target)
	if err != nil {
		return "", err
	}
	j := job{Classes: classes, Numbers: [][]*float64{}, Words: [][]string{}}
	o := table.FoldOptions{}
	if classes {
		o.Stratify = target
	}
	if j.Folds, err = table.Folds(t, 5, o); err != nil {
		return "", err
	}
	for k := range t.Width() {
		c := t.At(k)
		var numbers []*float64
		var words []string
		for i := range t.Len() {
			v := c.Float(i)
			switch {
			case c.Name() == target && classes:
				j.Target = append(j.Target, c.Format(i))
			case c.Name() == target:
				j.Target = append(j.Target, v)
			case c.Type() == table.Number && math.IsNaN(v):
				numbers = append(numbers, nil)
			case c.Type() == table.Number:
				numbers = append(numbers, &v)
			default:
				words = append(words, c.Format(i))
			}
		}
		if numbers != nil {
			j.Numbers = append(j.Numbers, numbers)
		}
		if words != nil {
			j.Words = append(j.Words, words)
		}
	}
	in, err := json.Marshal(j)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "/usr/bin/python3", "-c", peer)
	cmd.Stdin = bytes.NewReader(in)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		return "", fmt.Errorf("not there (%s)", lines[len(lines)-1])
	}
	var scores []float64
	if err := json.Unmarshal(out, &scores); err != nil {
		return "", err
	}
	mean, square := 0.0, 0.0
	for _, s := range scores {
		mean += s / float64(len(scores))
	}
	for _, s := range scores {
		square += (s - mean) * (s - mean) / float64(len(scores)-1)
	}
	return spread(mean, math.Sqrt(square)), nil
}
