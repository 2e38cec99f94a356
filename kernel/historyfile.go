package kernel

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"mlpkernel/protocol"
)

// maxHistoryFile is the size from which on a history file is rewritten with
// its newest entries when a kernel starts.
const maxHistoryFile = 16 << 20

// readHistory returns the newest entries of a file, which need not be there,
// and makes its folder. Lines that are not entries are skipped: a process that
// was killed may leave half a line.
func readHistory(path string) ([]entry, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, size, err := parseHistory(f)
	if err != nil {
		return nil, err
	}
	if n := len(entries); n > maxEntries {
		entries = append([]entry(nil), entries[n-maxEntries:]...)
	}
	if size > maxHistoryFile {
		entries = entries[len(entries)/2:]
		return entries, rewriteHistory(path, entries)
	}
	return entries, nil
}

// parseHistory returns the entries of a history file and its size.
func parseHistory(file io.Reader) (entries []entry, size int, err error) {
	for r := bufio.NewReader(file); ; {
		line, err := r.ReadBytes('\n')
		size += len(line)
		var e entry
		if json.Unmarshal(line, &e) == nil && e.Session > 0 {
			entries = append(entries, e)
		}
		if errors.Is(err, io.EOF) {
			return entries, size, nil
		} else if err != nil {
			return nil, size, err
		}
	}
}

// rewriteHistory replaces a file by one with these entries.
func rewriteHistory(path string, entries []entry) error {
	var b bytes.Buffer
	for _, e := range entries {
		b.Write(line(e))
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".history")
	if err != nil {
		return err
	}
	_, err = f.Write(b.Bytes())
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// appendHistory adds an entry by one write, so that kernels that share a file
// do not mix their lines. The file is opened each time, since another kernel
// may have replaced it.
func appendHistory(path string, e entry) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(line(e))
	return errors.Join(err, f.Close())
}

func line(e entry) []byte { return append(protocol.Marshal(e), '\n') }
