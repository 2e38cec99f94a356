package display

// TableColumn is one column of a TableView, as texts.
type TableColumn struct {
	Name string
	// Type stands under the name: "number", "category"; may be empty.
	Type string
	// Missing is the number of missing values in the whole column.
	Missing int
	// Right aligns the cells to the right, as numbers are.
	Right bool
	// Cells are the texts of the rows shown. An empty text with the row's entry
	// of Absent true is a missing value.
	Cells  []string
	Absent []bool
}

// TableView is a table as a page shows it: the first and the last rows of Rows.
type TableView struct {
	// Name is a caption; may be empty.
	Name    string
	Columns []TableColumn
	// Head is how many of the cells are the first rows; the others are the last
	// ones, and a line with … stands between. When all rows are shown, Head is
	// their number.
	Head int
	// Rows is the number of rows of the whole table, TotalColumns that of its
	// columns (0: as many as Columns).
	Rows, TotalColumns int
	// Notes are sentences below the table.
	Notes []string
}

// DescribeColumn are the statistics of one column.
type DescribeColumn struct {
	Name, Type string
	Missing    int
	// Stats are texts, one for each of DescribeView.Stats; "" where it does not apply.
	Stats []string
	// Shape is a small histogram (or the counts of the commonest levels); may be nil.
	Shape []float64
	// ShapeText says what Shape shows, for the text and the tooltip: "0 … 120", "4 levels".
	ShapeText string
}

// DescribeView is the summary of a data set, one line a column, with small
// histograms.
type DescribeView struct {
	Name string
	// Rows is the number of rows of the data, TotalColumns that of its columns
	// (0: as many as Columns).
	Rows, TotalColumns int
	// Stats are the headings: "mean", "std", "min", …
	Stats   []string
	Columns []DescribeColumn
	Notes   []string
}

// Field is one line of a RecordView.
type Field struct {
	Name, Value string
	// Note explains the value; may be empty.
	Note string
	// Volatile says that the value varies by nature between runs (time, device).
	Volatile bool
}

// RecordView is a list of names and values, such as the results of an evaluation.
type RecordView struct {
	Name   string
	Fields []Field
	Notes  []string
}

// SummaryLayer is one line of a SummaryView.
type SummaryLayer struct {
	Name, Kind string
	// Inputs and Units are sizes; 0 when not known.
	Inputs, Units int
	// Details are "relu, he_normal, l2 0.0001".
	Details string
	// Parameters is the number of its own parameters; -1 when not known.
	Parameters int
	// Depth is how many layers it is within, as a skip's inside is in the skip.
	Depth int
}

// SummaryView is a network layer by layer.
type SummaryView struct {
	Name   string
	Layers []SummaryLayer
	// Fields are further facts below: loss, optimiser, best epoch, …
	Fields []Field
	Notes  []string
}

// ReportClass is one line of a ReportView.
type ReportClass struct {
	Name                  string
	Precision, Recall, F1 float64
	Rows                  int
}

// ReportView is a classification report.
type ReportView struct {
	Name    string
	Classes []ReportClass
	// Fields are totals below: accuracy, macro average, …
	Fields []Field
	Notes  []string
}
