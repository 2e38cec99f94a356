package table

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// ReadIDX reads pictures and their labels from two files of the IDX format of
// MNIST, plain or gzip, as columns "image" and "label". labels names the
// classes by number; nil calls them "0", "1", ... An empty labelPath leaves
// the label column out.
func ReadIDX(imagePath, labelPath string, labels []string) (*Table, error) {
	images, err := os.Open(imagePath)
	if err != nil {
		return nil, err
	}
	defer images.Close()
	if labelPath == "" {
		c, err := idxImages(imagePath, images)
		if err != nil {
			return nil, err
		}
		return New(c)
	}
	f, err := os.Open(labelPath)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, err := idxImages(imagePath, images)
	if err != nil {
		return nil, err
	}
	l, err := idxLabels(labelPath, f, labels)
	if err != nil {
		return nil, err
	}
	return New(c, l)
}

func fashionTable(name string, images, labels io.Reader) (*Table, error) {
	c, err := idxImages(name, images)
	if err != nil {
		return nil, err
	}
	l, err := idxLabels(name, labels, fashionLabels)
	if err != nil {
		return nil, err
	}
	t, err := New(c, l)
	if err != nil {
		return nil, err
	}
	info := fashionInfo(name, t.rows)
	t.info = &info
	return t, nil
}

func idxImages(name string, r io.Reader) (*Column, error) {
	dims, data, err := readIDX(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(dims) < 3 || len(dims) > 4 {
		return nil, fmt.Errorf("%s: %d dimensions, but pictures have 3 (rows, height, width) or 4", name, len(dims))
	}
	channels := 1
	if len(dims) == 4 {
		channels = dims[3]
	}
	return Images("image", dims[1], dims[2], channels, data)
}

func idxLabels(name string, r io.Reader, labels []string) (*Column, error) {
	dims, data, err := readIDX(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(dims) != 1 {
		return nil, fmt.Errorf("%s: %d dimensions, but labels have 1", name, len(dims))
	}
	most := byte(0)
	codes := make([]int32, len(data))
	for i, b := range data {
		codes[i] = int32(b)
		most = max(most, b)
	}
	if labels == nil {
		for i := range int(most) + 1 {
			labels = append(labels, fmt.Sprint(i))
		}
	}
	return Coded("label", codes, labels)
}

// readIDX reads bytes with their dimensions: two zero bytes, the type (8 is
// byte), the number of dimensions, the sizes as big-endian 32 bits, the data.
func readIDX(r io.Reader) (dims []int, data []byte, err error) {
	br := bufio.NewReaderSize(r, 1<<16)
	if head, _ := br.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, nil, fmt.Errorf("gzip: %w", err)
		}
		br = bufio.NewReaderSize(z, 1<<16)
	}
	var head [4]byte
	if _, err := io.ReadFull(br, head[:]); err != nil || head[0] != 0 || head[1] != 0 {
		return nil, nil, errors.New("not a file of the IDX format")
	}
	if head[2] != 8 {
		return nil, nil, fmt.Errorf("IDX data of type %#x; only bytes (0x08) are read", head[2])
	}
	size := int64(1)
	for range head[3] {
		var n [4]byte
		if _, err := io.ReadFull(br, n[:]); err != nil {
			return nil, nil, fmt.Errorf("IDX header: %w", err)
		}
		d := int64(binary.BigEndian.Uint32(n[:]))
		dims = append(dims, int(d))
		if size *= d; size > 1<<33 {
			return nil, nil, fmt.Errorf("IDX data of size %v is too large", dims)
		}
	}
	// Read through a limit: a damaged header must not cost its memory.
	data, err = io.ReadAll(io.LimitReader(br, size))
	if err != nil {
		return nil, nil, err
	}
	if int64(len(data)) != size {
		return nil, nil, fmt.Errorf("IDX data of size %v end after %d of %d bytes", dims, len(data), size)
	}
	return dims, data, nil
}
