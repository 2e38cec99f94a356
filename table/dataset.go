package table

// Info is what is known of a bundled or generated data set.
type Info struct {
	Name        string
	Description string
	Rows        int
	Columns     []ColumnInfo
	Target      string // the column that is usually predicted
	Licence     string
	Source      string // where it is from and whom to cite
}

// ColumnInfo explains a column of a data set.
type ColumnInfo struct {
	Name    string
	Type    Type
	Meaning string
}
