// Package display turns plain data into things to show: figures, tables and
// other MIME bundles. It knows no network, no data table and no language:
// every picture takes a struct of slices and strings.
//
// Start at [Figure]. Each picture is one file with one constructor,
//
//	func Loss(d LossData, o Options) (*Figure, error)
//
// whose error says what was expected of the data. A Figure shows itself
// ([Figure.Bundle]: SVG, PNG and a text that says what the picture says),
// saves itself ([Figure.Save]: .svg, .png, .pdf) and gives its numbers
// ([Figure.Data]). [Grid] puts figures side by side.
//
// HTML tables with a text twin are [TableView], [DescribeView], [RecordView],
// [SummaryView] and [ReportView]; [Markdown], [Latex] and [HTML] wrap texts;
// [Progress] renders one line of progress. [Slider] joins figures into one page
// that needs no script.
//
// Three rules hold everywhere. Values that are not finite are left out as gaps
// and the text says how many. The same data give the same bytes. A picture
// that cannot be drawn is an error or, once constructed, a text; never a panic.
//
// Inside: scene.go lays panels out, axes.go dresses gonum/plot's axes, strokes.go,
// heat.go, density.go, pixels.go and matrix.go are what is drawn into them, style.go
// holds colours and sizes, numbers.go, ticks.go and times.go write numbers and times, svg.go,
// rastercanvas.go and raster.go are the ways out, sheet.go writes tables as HTML
// and text, fonts.go finds glyphs for Hangul and other CJK text.
package display
