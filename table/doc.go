// Package table holds typed, missing-aware columns and tables, and all that
// happens to them before a network sees numbers.
//
// A Column is one immutable typed vector of a name; a Table is columns of one
// length. Every operation returns a new value and shares what it can, so the
// slices that accessors hand out (Floats, Codes, Levels, ...) are read-only.
// Missing is part of every type: NaN in a number, code -1 in a category, and
// so on; IsMissing tells. Row numbers count from 0.
//
// Where to start:
//
//	column.go    Column, its constructors (Numbers, Categories, Booleans, Texts, Times, Vectors, Images, FromValues) and accessors
//	table.go     Table: Select, Slice, Take, Filter, Drop, Rename, Assign, Sort, Sample, ...; where.go: Where; describe.go: Describe, String
//	ops.go       Binary, Negate, Not: element-wise arithmetic, comparison and three-valued logic
//	stats.go     Mean, Std, Quantile, Unique, Counts, ...; convert.go: ToCategory, ToNumber, Fill, IsIn
//	group.go     GroupBy, Join, Pivot
//	csv.go       ReadCSV, ParseCSV with CSVOptions and CSVReport; csv_write.go: WriteCSV
//	dataset.go   Dataset, Datasets, ReadIDX: what is bundled, and seeded synthetic data (synthetic.go)
//	split.go     Split, Folds
//	prep.go      Prep values (Auto, Standardize, OneHot, ..., Chain); FitPrep learns from training rows and gives a Fitted, whose Apply makes matrices
//	target.go    FitTarget: classes or standardised numbers, and the way back
//	guard.go     CheckFeatures, CheckSplit: one sentence for each likely mistake
//	parquet.go   ReadParquet, WriteParquet; sql.go: SQL over tables and .sqlite files
//
// Promises. Nothing is dropped silently: what a reader or a preparation did
// is in its report, one sentence each. Errors name the column (and the file
// and line) and say what to do. Results depend on the inputs and the seed
// only: sums run in row order without fused multiply-add, and exp, log, sin
// and cos are those of table/internal/det, so every machine gives the same
// bits. The package knows no network, no language and no picture.
package table
