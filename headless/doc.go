// Package headless treats notebooks without a front end: it reads and writes
// them, runs them on a fresh kernel, exports them as one page of HTML and
// verifies that they still give what they show.
//
// A [Notebook] is the document; [ReadFile] reads nbformat 4 (.ipynb), scripts
// (.star, with "# %%" between cells) and Markdown (.md, with fences of
// starlark). [Run] executes its code cells on the kernel of a [Starter] and puts
// the outputs in. [HTML] writes the page. [Verify] compares. [RunCommand] and
// [VerifyCommand] are the two sub-commands, flags and messages included.
//
// # What is written
//
// [Notebook.Encode] writes what Jupyter's nbformat writes, byte for byte:
// nbformat 4.5, indentation of one space, sorted keys, texts as lists of lines,
// a newline at the end. Fields this package does not know stay as they were.
// Cells without an id get one that depends on their place and text alone, and
// no times are stored, so the same run writes the same file.
//
// # What running means
//
// Cells run in order, one at a time, in the notebook's folder. The first cell
// that fails ends the run, unless its tag raises-exception or the option
// AllowErrors says that it may; cells tagged skip-execution, and those of
// whitespace alone, are not sent. Outputs are stored as a front end shows them
// at the end: consecutive pieces of one stream are one output in which carriage
// return and backspace have moved the cursor as on a terminal,
// update_display_data has replaced earlier displays of its id in whatever cell
// they stand, and clear_output has cleared.
//
// # What equal means
//
// [Verify] runs every code cell in a fresh process and compares its outputs
// with the stored ones, in order:
//
//   - the number and the types of the outputs must agree;
//   - streams: name and text;
//   - display_data and execute_result (which count as the same type, since the
//     last value of a cell may be either): the set of MIME types, and for each
//     its content: texts and SVG as texts, JSON as values, PNG and all other
//     base64 as bytes;
//   - errors: name and message, not the traceback.
//
// Execution counts, metadata and ids of displays are not compared. Volatile
// parts are left out: the lists under metadata.mlpkernel.volatile of the two
// outputs are joined, and every occurrence of one of their pieces, longest
// first, in either output's texts (as it is or escaped for HTML) becomes the
// same mark; runs of blanks beside a mark count as one, so that columns may
// shift. A piece in one list thus stands for no more than itself. Lists apply to
// their own output alone; bytes (PNG) have no volatile parts.
//
// A cell tagged nbval-ignore-output runs and is not compared. A cell that fails
// where [Run] would stop is a failure whatever is stored, and ends the notebook.
package headless
