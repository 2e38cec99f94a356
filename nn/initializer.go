package nn

// Initializer says how weights begin. The zero value means the default, which
// Lower chooses to fit the activation and writes into the plan.
type Initializer struct {
	Name  string
	Param float64 // value of constant, std of normal, limit of uniform; 0 for the others
}

// Init gives the initialiser with a name and default parameters. It panics if
// there is none: it is for names in Go source. See [NewInitializer].
func Init(name string) Initializer {
	n, err := NewInitializer(name, nil)
	if err != nil {
		panic(err)
	}
	return n
}

// NewInitializer gives the initialiser with a name and parameters.
func NewInitializer(name string, args map[string]float64) (Initializer, error) {
	i, err := find(Initializers(), func(d InitializerDef) Def { return d.Def }, "initialiser", name)
	if err != nil {
		return Initializer{}, err
	}
	p, err := Initializers()[i].Fill(args)
	if err != nil {
		return Initializer{}, err
	}
	n := Initializer{Name: name}
	if len(p) > 0 {
		n.Param = p[0]
	}
	return n, nil
}

// Given reports whether an initialiser was named.
func (n Initializer) Given() bool { return n.Name != "" }

// String is the source text: "he_normal", "normal(std=0.1)".
func (n Initializer) String() string {
	if !n.Given() {
		return "default"
	}
	return n.def().call([]float64{n.Param})
}

func (n Initializer) def() InitializerDef {
	for _, d := range initializerTable {
		if d.Name == n.Name {
			return d
		}
	}
	panic("nn: unknown initialiser " + n.Name)
}

// Sample gives a matrix of units rows and inputs columns, row-major. The values
// are those that a block with this key gets, see [Plan.NewState]; they are
// float32 numbers, so that all backends begin alike.
func (n Initializer) Sample(units, inputs int, seed uint64) []float64 {
	w := make([]float64, units*inputs)
	n.sample(w, shape{Units: units, Inputs: inputs}, seed, 0)
	return w
}
