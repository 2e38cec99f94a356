package display

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"strings"
)

// A slider has at most so many positions, and fewer when its page would grow
// beyond so many bytes.
const (
	maxFrames   = 60
	largestPage = 6_000_000
)

// Slider joins figures into one self-contained HTML page with a slider (no
// script from elsewhere), and the last of them as PNG beside it. Labels name the
// slider's positions, what names what it moves over: "epoch".
//
// Of more than 60 figures, or fewer large ones, evenly spaced ones are kept. Where scripts do not run,
// the page shows the last figure; where pictures are not shown either, its text.
func Slider(figures []*Figure, labels []string, what string) (Bundle, error) {
	if len(figures) == 0 {
		return Bundle{}, errors.New("slider: expected at least one figure, got none")
	}
	if err := sameLength("slider: figures and labels", len(figures), len(labels)); err != nil {
		return Bundle{}, err
	}
	for i, f := range figures {
		if f == nil {
			return Bundle{}, fmt.Errorf("slider: expected figures, got nothing in place %d", i+1)
		}
	}
	first, err := figures[0].scene.svg("")
	if err != nil {
		return Bundle{}, fmt.Errorf("slider: %w", err)
	}
	keep := evenly(len(figures), min(maxFrames, max(2, largestPage*3/4/len(first))))
	last := figures[len(figures)-1]
	b := last.Bundle()
	png, ok := b.Data["image/png"].([]byte)
	if !ok {
		return b, nil
	}
	delete(b.Data, "image/svg+xml") // it would compete with the page
	var page strings.Builder
	page.WriteString(`<figure style="margin:0">`)
	for _, i := range keep {
		source, hidden := dataURI("image/png", png), ""
		if i != len(figures)-1 {
			svg, err := figures[i].scene.svg(figures[i].scene.title)
			if err != nil {
				return Bundle{}, fmt.Errorf("slider: %w", err)
			}
			source, hidden = dataURI("image/svg+xml", []byte(svg)), " hidden"
		}
		w, _ := figures[i].Size()
		fmt.Fprintf(&page, `<img%s data-frame="%s" width="%s" style="max-width:100%%" alt="%s" src="%s">`+"\n", hidden,
			html.EscapeString(strings.TrimSpace(what+" "+labels[i])), short(w), html.EscapeString(figures[i].text), source)
	}
	page.WriteString(control(len(keep), strings.TrimSpace(what+" "+labels[len(labels)-1]), what))
	page.WriteString("</figure>\n")
	text := fmt.Sprintf("%s over %s, here %s:\n%s", count(len(keep), "picture"), orElse(what, "positions"), strings.TrimSpace(what+" "+labels[len(labels)-1]), last.text)
	return Bundle{Data: b.With("text/html", page.String()).With("text/plain", text).Data, Metadata: b.Metadata}, nil
}

// control is the slider itself. Its script finds the pictures by its own place on
// the page, so that many sliders can stand on one.
func control(n int, label, what string) string {
	const script = `var f=this.closest('figure').querySelectorAll('img[data-frame]');` +
		`for(var i=0;i<f.length;i++)f[i].hidden=i!=this.value;` +
		`this.parentNode.querySelector('output').textContent=f[this.value].dataset.frame`
	return fmt.Sprintf(`<figcaption><input type="range" min="0" max="%d" value="%d" step="1" aria-label="%s" style="width:320px;max-width:60%%;vertical-align:middle" oninput="%s"> <output>%s</output></figcaption>`,
		n-1, n-1, html.EscapeString(orElse(what, "position")), script, html.EscapeString(label))
}

func dataURI(mime string, data []byte) string {
	return "data:" + mime + ";base64," + base64.StdEncoding.EncodeToString(data)
}
