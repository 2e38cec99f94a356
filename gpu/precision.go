package gpu

// Precision is that of the factors of products; sums, updates and all else are
// float32.
type Precision int

const (
	Float32  Precision = iota // fused multiply-adds in the order of the sum
	TF32                      // factors rounded to 11 bits, on tensor cores
	BFloat16                  // factors rounded to 8 bits, on tensor cores
)

var precisionNames = [...]string{"float32", "tf32", "bfloat16"}

func (p Precision) String() string { return precisionNames[p] }

// precisionOf is the one that is used in a tier where another is asked for. A
// block always computes in float32, since its products are no tensor cores'
// work. Unless told otherwise, large products are made in TF32: their time is
// what a training costs, and in float32 they would take eight times as long.
func precisionOf(asked string, t Tier) Precision {
	switch {
	case t == Block:
		return Float32
	case asked == "" && t == Graph:
		return TF32
	}
	for p, name := range precisionNames {
		if name == asked {
			return Precision(p)
		}
	}
	return Float32
}
