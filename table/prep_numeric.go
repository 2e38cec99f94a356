package table

import (
	"mlpkernel/table/internal/det"
	"mlpkernel/table/internal/lanes"
)

// numeric are the steps that take each number of a column to another, by name.
// They write to out, as long as v, which may be the same.
var numeric = map[string]func(s *step, out, v []float64){
	"scale": func(s *step, out, v []float64) { lanes.Scale(out, v, s.Center, s.Scale) },
	"clip":  func(s *step, out, v []float64) { lanes.SmoothClip(out, v, s.Number) },
	"fill": func(s *step, out, v []float64) {
		for i, x := range v {
			if x != x {
				x = s.Number
			}
			out[i] = x
		}
	},
	"pixels": func(_ *step, out, v []float64) {
		for i, x := range v {
			out[i] = float64(float32(x) / 255)
		}
	},
	"log1p": func(_ *step, out, v []float64) {
		for i, x := range v {
			out[i] = det.Log1p(x)
		}
	},
	"normal": func(s *step, out, v []float64) {
		for i, x := range v {
			out[i] = s.normal(x)
		}
	},
}
