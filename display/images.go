package display

// ImagesData is what Images draws.
type ImagesData struct {
	// Images are pixels in rows, each Width*Height*Channels numbers.
	Images [][]float64
	// Width and Height are each image's size in pixels, Channels 1 (grey) or 3
	// (red, green, blue); 0 means 1.
	Width, Height, Channels int
	// Low and High are the values of black and white; both 0: the range found.
	Low, High float64
	// Diverging draws 0 white, negative numbers blue and positive ones orange,
	// for weights.
	Diverging bool
	// Labels stand under the images; Wrong marks labels in a warning colour. Both may be nil.
	Labels []string
	Wrong  []bool
	// Columns is the number of images in a row; 0 chooses.
	Columns int
}

// Images draws small images in a grid. At most 400 are drawn.
func Images(d ImagesData, o Options) (*Figure, error) { return nil, errUndrawn }
