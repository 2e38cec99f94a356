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
