package table

import (
	"mlpkernel/table/internal/det"
	"mlpkernel/table/internal/lanes"
)

// numeric are the steps that take each number of a column to another, by name.
var numeric = map[string]func(s *step, v []float64){
	"scale": func(s *step, v []float64) {
		center, scale := s.Center, s.Scale
		for i, x := range v {
			v[i] = (x - center) * scale
		}
	},
	"clip": func(s *step, v []float64) { lanes.SmoothClip(v, s.Number) },
	"fill": func(s *step, v []float64) {
		for i, x := range v {
			if x != x {
				v[i] = s.Number
			}
		}
	},
	"pixels": func(_ *step, v []float64) {
		for i, x := range v {
			v[i] = float64(float32(x) / 255)
		}
	},
	"log1p": func(_ *step, v []float64) {
		for i, x := range v {
			v[i] = det.Log1p(x)
		}
	},
	"normal": func(s *step, v []float64) {
		for i, x := range v {
			v[i] = s.normal(x)
		}
	},
}
