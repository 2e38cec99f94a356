package learn

import (
	"math"
	"slices"
)

// Contrast is a trial's score beside that of the best trial.
type Contrast struct {
	// Diff is the mean difference of the score over the seeds that both have,
	// on the same rows where rows are held out by seed.
	Diff float64
	// Margin is half of the 95 % interval of Diff; NaN for fewer than two seeds.
	Margin float64
}

// Known tells whether there are seeds enough to judge.
func (c Contrast) Known() bool { return c.Margin == c.Margin }

// WithinNoise tells whether Diff may well be chance.
func (c Contrast) WithinNoise() bool { return c.Known() && !(math.Abs(c.Diff) > c.Margin) }

// contrast compares paired scores. redrawn is the rows scored over the rows
// trained on where they are drawn anew for each seed, else 0: such runs are not
// independent, and their variance is that much greater (Nadeau and Bengio 2003).
func contrast(scores, best []float64, redrawn float64) Contrast {
	var d []float64
	for i := range scores {
		if v := scores[i] - best[i]; v == v {
			d = append(d, v)
		}
	}
	mean, std := sampleSpread(d)
	n := float64(len(d))
	return Contrast{Diff: mean, Margin: float64(studentT(len(d)-1) * std * math.Sqrt(1/n+redrawn))}
}

// t975 are the 97.5 % points of Student's t for 1 to 30 degrees of freedom.
var t975 = [...]float64{
	12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
	2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
}

// studentT is the 97.5 % point, within 0.001.
func studentT(freedom int) float64 {
	if freedom < 1 {
		return math.NaN()
	}
	if freedom <= len(t975) {
		return t975[freedom-1]
	}
	return 1.96 + 2.46/float64(freedom)
}

// contrasts compares all trials with the best. Runs of a trial and of the best
// are paired by their label.
func (x *Experiment) contrasts(runs []run, redrawn bool) {
	byLabel := make([]map[float64]float64, len(x.Trials))
	for i := range byLabel {
		byLabel[i] = map[float64]float64{}
	}
	share := 0.0
	for _, r := range runs {
		if v, err := r.score.Get(x.Metric); err == nil {
			byLabel[r.trial][r.label] = v
		}
		if redrawn {
			share = float64(r.score.Rows) / float64(max(r.model.rows.Train, 1))
		}
	}
	best := byLabel[x.Best()]
	labels := sortedKeys(best)
	for _, scores := range byLabel {
		var a, b []float64
		for _, l := range labels {
			if v, ok := scores[l]; ok {
				a, b = append(a, v), append(b, best[l])
			}
		}
		x.Against = append(x.Against, contrast(a, b, share))
	}
}

// Metrics are the scores worth showing: those that were asked for, and what
// goes well with the one that ranks.
func (x *Experiment) Metrics() []string {
	out := []string{x.Metric}
	asked := append(slices.Clone(x.Models[0].settings.Metrics), companions[x.Metric])
	for _, name := range asked {
		if slices.Contains(x.names, name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// companions say what a score alone does not.
var companions = map[string]string{"accuracy": "log_loss", "rmse": "r2"}

// Of is mean and standard deviation of a metric of a trial, NaN without runs.
func (x *Experiment) Of(metric string, trial int) (mean, std float64) {
	get := func(name string) float64 {
		c, err := x.Summary.Col(name)
		if err != nil {
			return math.NaN()
		}
		return c.Floats()[trial]
	}
	return get(metric), get(metric + " std")
}
