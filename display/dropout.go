package display

// Mask says which units of a network a dropout mask keeps: Mask[l][u] for unit
// u of layer l. A nil entry keeps all units of that layer.
type Mask [][]bool

// DropoutData is what Dropout and DropoutEnsemble draw.
type DropoutData struct {
	Network NetworkData
	// Masks are the masks, one for Dropout, several for DropoutEnsemble.
	Masks []Mask
	// Says[m] is what thinned network m says: one probability per class, or one
	// number. nil draws no answers.
	Says [][]float64
	// Average is the average of what all thinned networks say (perhaps more than
	// are drawn); nil: the average of Says.
	Average []float64
	// Whole is what the whole network says without dropout; may be nil.
	Whole []float64
	// Classes name the entries of an answer; nil for a number.
	Classes []string
	// Question says what was asked: "row 17 of test", "accuracy on 120 rows".
	Question string
}

// Dropout draws the network with the units that one mask removes.
func Dropout(d DropoutData, o Options) (*Figure, error) { return nil, errUndrawn }

// DropoutEnsemble draws several thinned networks side by side, what each of
// them says, and their average: dropout as an ensemble.
func DropoutEnsemble(d DropoutData, o Options) (*Figure, error) { return nil, errUndrawn }
