package dsl

import (
	"fmt"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// imagePictures draw pixels.
var imagePictures = []picture{{
	Sig: "images(data, columns=None, labels=None, wrong=None, shape=None, limit=100)",
	Doc: "Small images in a grid: pictures, or the incoming weights of units. Where an array has numbers of both signs, 0 is white and the signs have colours of their own.\n\n" +
		"```python\nplot.images(dataset(\"digits\"), columns=10, labels=dataset(\"digits\")[\"digit\"], limit=20)\nplot.images(array([[0, 1, 1, 0], [1, 0, 0, 1]]), shape=[2, 2])\n```",
	Args: []string{
		"data: a column of images or vectors, a table whose columns of numbers are pixels, or an array of rows of pixels", "columns: how many stand in a row", "labels: a text under each image",
		"wrong: True for images whose label is to be marked", "shape: height and width, for vectors and arrays; left out, a square", "limit: how many are drawn at most",
	},
	Draw: plotImages,
}}

func plotImages(c *Call, o display.Options) (starlark.Value, error) {
	d := display.ImagesData{Columns: c.IntFrom("columns", 1, 0)}
	limit := c.IntFrom("limit", 1, 100)
	labels, wrong := c.plotColumn(nil, "labels"), c.plotColumn(nil, "wrong")
	if c.Err() != nil {
		return nil, nil
	}
	c.pixels(&d, limit)
	n := len(d.Images)
	for _, col := range []*table.Column{labels, wrong} {
		if col != nil && col.Len() < n {
			c.Fail("labels", "want one for each image, got %d for %d", col.Len(), n)
		}
	}
	if c.Err() != nil {
		return nil, nil
	}
	for i := 0; i < n && labels != nil; i++ {
		d.Labels = append(d.Labels, labels.FormatShort(i))
	}
	for i := 0; i < n && wrong != nil; i++ {
		d.Wrong = append(d.Wrong, wrong.Float(i) == 1)
	}
	return figure(display.Images(d, o))
}

// pixels reads the images.
func (c *Call) pixels(d *display.ImagesData, limit int) {
	switch v := c.Value("data").(type) {
	case *array.Array:
		c.arrayPixels(v, d, limit)
		return
	case *tableValue:
		c.tablePixels(v.t, d, limit)
		return
	}
	col, ok := asValues(c.Value("data"))
	if !ok || col.Type() != table.Image && col.Type() != table.Vector {
		c.wrong("data", "a column of images or vectors, a table of pixels, or an array of rows of pixels")
		return
	}
	size := 1
	for _, n := range col.Shape() {
		size *= n
	}
	d.Channels = 1
	if shape := col.Shape(); col.Type() == table.Image {
		d.Height, d.Width, d.High = shape[0], shape[1], 255
		if len(shape) > 2 {
			d.Channels = shape[2]
		}
	} else {
		d.Height, d.Width = c.shape(size)
	}
	for i := range min(col.Len(), limit) {
		v := make([]float64, size)
		for k := range v {
			if col.Type() == table.Image {
				v[k] = float64(col.Pixels()[i*size+k])
			} else {
				v[k] = float64(col.VectorData()[i*size+k])
			}
		}
		d.Images = append(d.Images, v)
	}
}

// tablePixels takes a table's columns of numbers as pixels.
func (c *Call) tablePixels(t *table.Table, d *display.ImagesData, limit int) {
	names := numberColumns(t)
	d.Channels = 1
	d.Height, d.Width = c.shape(len(names))
	for i := range min(t.Len(), limit) {
		var v []float64
		for _, n := range names {
			col, err := t.Col(n)
			if err != nil {
				c.Fail("data", "%v", err)
				return
			}
			v = append(v, col.Float(i))
		}
		d.Images = append(d.Images, v)
	}
}

// arrayPixels takes rows of pixels, or images of two axes one after another.
// Where numbers are of both signs, they are weights.
func (c *Call) arrayPixels(a *array.Array, d *display.ImagesData, limit int) {
	d.Channels = 1
	shape := a.Shape()
	switch len(shape) {
	case 3:
		d.Height, d.Width = shape[1], shape[2]
	case 2:
		d.Height, d.Width = c.shape(shape[1])
	default:
		c.Fail("data", "want rows of pixels (two axes) or images (three), got shape %s", array.ShapeText(shape))
	}
	size := d.Height * d.Width
	if c.Err() != nil || size == 0 {
		return
	}
	d.Images = matrixRows(a.Data(), size)
	d.Images = d.Images[:min(len(d.Images), limit)]
	for _, x := range a.Data() {
		d.Diverging = d.Diverging || x < 0
	}
}

// shape reads height and width of images of so many pixels.
func (c *Call) shape(size int) (height, width int) {
	given := c.Floats("shape")
	if given == nil {
		for height*height < size {
			height++
		}
		given = []float64{float64(height), float64(height)}
	}
	if len(given) != 2 || given[0]*given[1] != float64(size) {
		c.Fail("shape", "want height and width whose product is the %d pixels, e.g. shape=[28, 28] for 784; got %s", size, fmt.Sprint(given))
		return 0, 0
	}
	return int(given[0]), int(given[1])
}
