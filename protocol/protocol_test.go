package protocol_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"mlpkernel/protocol"
)

func signer(t testing.TB, scheme string) *protocol.Signer {
	t.Helper()
	s, err := protocol.NewSigner(scheme, "secret")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func frames(t testing.TB, s *protocol.Signer) [][]byte {
	t.Helper()
	m := protocol.NewSession().New("execute_request", nil, map[string]any{"code": "1+1"}, nil)
	m.Identities = [][]byte{[]byte("client")}
	m.Buffers = [][]byte{{1, 2, 3}}
	return s.Encode(m)
}

func TestRoundTrip(t *testing.T) {
	for _, scheme := range []string{"", "hmac-sha256", "hmac-sha512", "hmac-md5"} {
		out := frames(t, signer(t, scheme))
		m, err := signer(t, scheme).Decode(out)
		if err != nil {
			t.Fatalf("%q: %v", scheme, err)
		}
		if m.Type() != "execute_request" || string(m.Identities[0]) != "client" || string(m.Content) != `{"code":"1+1"}` {
			t.Errorf("%q: got %+v", scheme, m)
		}
		if again := signer(t, scheme).Encode(m); !reflect.DeepEqual(again, out) {
			t.Errorf("%q: encoding what was decoded gives other frames", scheme)
		}
	}
}

func TestUnknownScheme(t *testing.T) {
	if _, err := protocol.NewSigner("hmac-crc", "k"); err == nil || !strings.Contains(err.Error(), "hmac-sha256") {
		t.Errorf("got %v, want an error that lists the known schemes", err)
	}
}

func TestTamperedPartsAreRefused(t *testing.T) {
	for part := 2; part <= 6; part++ {
		fr := frames(t, signer(t, ""))
		fr[part] = append([]byte(nil), fr[part]...)
		fr[part][0] ^= 1
		if m, err := signer(t, "").Decode(fr); !errors.Is(err, protocol.ErrSignature) || m != nil {
			t.Errorf("part %d: got %v, %v", part, m, err)
		}
	}
}

func TestReplayIsRefused(t *testing.T) {
	s := signer(t, "")
	fr := frames(t, signer(t, ""))
	if _, err := s.Decode(fr); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decode(fr); !errors.Is(err, protocol.ErrReplay) {
		t.Errorf("got %v", err)
	}
}

func TestMalformedFrames(t *testing.T) {
	s, _ := protocol.NewSigner("", "")
	tests := []struct {
		name string
		in   []string
		part string
	}{
		{"nothing", nil, "frames"},
		{"no delimiter", []string{"a", "b"}, "frames"},
		{"short", []string{"<IDS|MSG>", "", "{}"}, "frames"},
		{"not JSON", []string{"<IDS|MSG>", "", "{", "{}", "{}", "{}"}, "header"},
		{"no type", []string{"<IDS|MSG>", "", "{}", "{}", "{}", "{}"}, "header"},
		{"wrong type", []string{"<IDS|MSG>", "", `{"msg_type":3}`, "{}", "{}", "{}"}, "header"},
		{"list as parent", []string{"<IDS|MSG>", "", `{"msg_type":"x"}`, "[]", "{}", "{}"}, "parent_header"},
		{"null metadata", []string{"<IDS|MSG>", "", `{"msg_type":"x"}`, "{}", "null", "{}"}, "metadata"},
		{"deep content", []string{"<IDS|MSG>", "", `{"msg_type":"x"}`, "{}", "{}", strings.Repeat("[", 200000)}, "content"},
	}
	for _, tt := range tests {
		var in [][]byte
		for _, f := range tt.in {
			in = append(in, []byte(f))
		}
		m, err := s.Decode(in)
		var fe *protocol.FrameError
		if !errors.As(err, &fe) || fe.Part != tt.part || m != nil {
			t.Errorf("%s: got %v, %v, want an error about %s", tt.name, m, err, tt.part)
		}
	}
}

func TestReplyCarriesItsParentVerbatim(t *testing.T) {
	raw := json.RawMessage(`{"msg_id":"1", "msg_type":"x","unknown":[1, 2]}`)
	reply := protocol.NewSession().New("x_reply", &protocol.Message{RawHeader: raw}, nil, nil)
	if string(reply.Parent) != string(raw) || string(reply.Content) != "{}" || string(reply.Metadata) != "{}" {
		t.Errorf("got parent %s content %s metadata %s", reply.Parent, reply.Content, reply.Metadata)
	}
}

func TestMarshal(t *testing.T) {
	tests := []struct {
		in   any
		want string
	}{
		{"a\"b\\c\n\x01한", `"a\"b\\c\n\u0001한"`},
		{"bad \xff end", `"bad ` + "\uFFFD" + ` end"`},
		{[]byte{1, 2, 3}, `"AQID"`},
		{math.NaN(), `"NaN"`},
		{math.Inf(-1), `"-Infinity"`},
		{map[string]any{"b": 1, "a": []any{nil, true, 1.5}, "c": []string{"x"}}, `{"a":[null,true,1.5],"b":1,"c":["x"]}`},
		{struct {
			A string `json:"a"`
		}{"<b>"}, `{"a":"<b>"}`},
		{json.RawMessage(nil), `{}`},
		{json.RawMessage(`{"a": [1]}`), `{"a": [1]}`},
		{json.RawMessage(`{"a": [1`), `"{\"a\": [1"`},
		{map[string]any{"nil": []string(nil), "map": map[string]int(nil)}, `{"map":{},"nil":[]}`},
		{json.Number("1.50"), `1.50`},
		{map[int]string{1: "a"}, `{"1":"a"}`},
	}
	for _, tt := range tests {
		if got := string(protocol.Marshal(tt.in)); got != tt.want {
			t.Errorf("Marshal(%#v) = %s, want %s", tt.in, got, tt.want)
		}
	}
	loop := map[string]any{}
	loop["a"], loop["b"] = loop, []any{loop}
	pointer := new(any)
	*pointer = pointer
	deep := any(1)
	for range 2000 {
		deep = []any{deep}
	}
	shared := []any{1}
	for _, v := range []any{func() {}, loop, pointer, deep, make(chan int), map[float64]int{math.NaN(): 1}} {
		if got := protocol.Marshal(v); !json.Valid(got) {
			t.Errorf("a value without JSON gave %.200s", got)
		}
	}
	if got := protocol.Marshal([]any{shared, shared}); string(got) != "[[1],[1]]" {
		t.Errorf("a value that stands twice gave %s", got)
	}
}

func TestConnectionFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	text := `{"transport":"tcp","ip":"127.0.0.1","shell_port":"5001","iopub_port":5002,"stdin_port":5003,
		"control_port":5004,"hb_port":5005,"key":"k","signature_scheme":"hmac-sha256","curve_publickey":"?"}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := protocol.ReadConnection(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Endpoint(c.ShellPort); got != "tcp://127.0.0.1:5001" {
		t.Errorf("got %s", got)
	}
	if err := c.Write(path); err != nil {
		t.Fatal(err)
	}
	if again, err := protocol.ReadConnection(path); err != nil || again != c {
		t.Errorf("got %+v, %v, want %+v", again, err, c)
	}
	for _, bad := range []string{`{`, `{"shell_port":"x"}`, `{"shell_port":70000}`, `{"transport":"udp"}`} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := protocol.ReadConnection(path); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

// FuzzDecode checks that nothing makes Decode panic, that an error leaves no
// message, and that what is decoded encodes to the same frames.
func FuzzDecode(f *testing.F) {
	for _, fr := range frames(f, signer(f, "")) {
		f.Add([]byte("id"), fr, []byte(`{"msg_type":"x"}`), []byte("{}"), true)
	}
	f.Fuzz(func(t *testing.T, id, a, b, c []byte, sign bool) {
		key := ""
		if sign {
			key = "secret"
		}
		s, _ := protocol.NewSigner("", key)
		in := [][]byte{id, []byte("<IDS|MSG>"), a, b, c, c, c, a}
		m, err := s.Decode(in)
		if err != nil {
			if m != nil {
				t.Fatal("a message beside an error")
			}
			return
		}
		out := s.Encode(m)
		for i := range in {
			if i != 2 && string(out[i]) != string(in[i]) {
				t.Fatalf("frame %d changed", i)
			}
		}
	})
}

// FuzzMarshalString checks the string writer against encoding/json's reader.
func FuzzMarshalString(f *testing.F) {
	f.Add("a\u2028\x00\xff\"")
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := json.Unmarshal(protocol.Marshal(s), &got); err != nil {
			t.Fatal(err)
		}
		if want := strings.ToValidUTF8(s, ""); strings.ReplaceAll(got, "\uFFFD", "") != strings.ReplaceAll(want, "\uFFFD", "") {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
