package display

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// wide is an installed pair of fonts with Hangul; regular is nil when there is none.
type wide struct {
	regular, bold *opentype.Font
	name          string
}

// wideFonts looks for the fonts once, when the first text needs them.
var wideFonts = sync.OnceValue(func() wide { return findWide(fontFolders()) })

// wideFiles are file names of fonts with Hangul, the best first; the second of a
// pair is the bold face.
var wideFiles = [][2]string{
	{"NotoSansKR-Regular.ttf", "NotoSansKR-Bold.ttf"},
	{"NotoSansKR-Regular.otf", "NotoSansKR-Bold.otf"},
	{"NotoSansCJKkr-Regular.otf", "NotoSansCJKkr-Bold.otf"},
	{"NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"},
	{"SourceHanSansKR-Regular.otf", "SourceHanSansKR-Bold.otf"},
	{"NanumGothic.ttf", "NanumGothicBold.ttf"},
	{"NanumGothic.ttc", ""},
	{"NanumBarunGothic.ttf", "NanumBarunGothicBold.ttf"},
	{"AppleSDGothicNeo.ttc", ""},
	{"malgun.ttf", "malgunbd.ttf"},
	{"UnDotum.ttf", "UnDotumBold.ttf"},
	{"AppleGothic.ttf", ""},
	{"gulim.ttc", ""},
	{"UnBatang.ttf", "UnBatangBold.ttf"},
	{"NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"},
	{"DroidSansFallbackFull.ttf", ""},
}

// FontNote says, in one sentence, which font serves Hangul and other CJK text in
// PNG and PDF, or that none is installed and what to do.
func FontNote() string {
	if w := wideFonts(); w.regular != nil {
		return "Hangul in pictures (PNG, PDF) is set in " + w.name + "."
	}
	return "No font with Hangul is installed: in PNG and PDF pictures Hangul is spelt in Latin letters. " +
		"Install one, such as Noto Sans CJK KR or Nanum Gothic (Debian: fonts-noto-cjk or fonts-nanum)."
}

// fontFolders are the folders where the system keeps fonts.
func fontFolders() []string {
	home, _ := os.UserHomeDir()
	switch runtime.GOOS {
	case "windows":
		return []string{
			filepath.Join(os.Getenv("WINDIR"), "Fonts"),
			filepath.Join(os.Getenv("LOCALAPPDATA"), "Microsoft", "Windows", "Fonts"),
		}
	case "darwin":
		return []string{"/System/Library/Fonts", "/Library/Fonts", filepath.Join(home, "Library", "Fonts")}
	default:
		return []string{
			"/usr/share/fonts", "/usr/local/share/fonts",
			filepath.Join(home, ".local", "share", "fonts"), filepath.Join(home, ".fonts"),
		}
	}
}

// findWide returns the best font with Hangul below the folders.
func findWide(folders []string) wide {
	paths := fontPaths(folders)
	for _, names := range wideFiles {
		regular := openWide(paths[strings.ToLower(names[0])])
		if regular == nil {
			continue
		}
		return wide{regular, openWide(paths[strings.ToLower(names[1])]), fontName(regular, names[0])}
	}
	return wide{}
}

// fontPaths maps the wanted file names, in lower case, to the paths found.
func fontPaths(folders []string) map[string]string {
	wanted := make(map[string]bool)
	for _, names := range wideFiles {
		wanted[strings.ToLower(names[0])] = true
		wanted[strings.ToLower(names[1])] = true
	}
	paths := make(map[string]string)
	for _, folder := range folders {
		filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			name := strings.ToLower(filepath.Base(path))
			if err == nil && !d.IsDir() && wanted[name] && paths[name] == "" {
				paths[name] = path
			}
			return nil // a folder that cannot be read has no fonts for us
		})
	}
	return paths
}

// openWide opens a font or the Korean (else the first fitting) one of a
// collection. It returns nil for a file that cannot be read or has no Hangul.
// The file stays open: glyphs are read when they are drawn.
func openWide(path string) *opentype.Font {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	fonts, err := opentype.ParseCollectionReaderAt(f)
	if err != nil {
		f.Close()
		return nil
	}
	var found *opentype.Font
	for i := range fonts.NumFonts() {
		face, err := fonts.Font(i)
		if err != nil || !hasHangul(face) {
			continue
		}
		if strings.Contains(fontName(face, ""), " KR") {
			return face
		}
		if found == nil {
			found = face
		}
	}
	if found == nil {
		f.Close()
	}
	return found
}

func hasHangul(f *opentype.Font) bool {
	i, err := f.GlyphIndex(nil, '한')
	return err == nil && i != 0
}

func fontName(f *opentype.Font, otherwise string) string {
	name, err := f.Name(nil, sfnt.NameIDFull)
	if err != nil || name == "" {
		return otherwise
	}
	return name
}
