package mail

import (
	"bytes"
	"encoding/json"
	"mime"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/figures/figurestest"
)

const family = "👨🏽\u200d👩🏿\u200d👧🏻\u200d👦🏾" // 41 bytes that are one character to a reader

// called are names as people and copied lists have them, and what is to be read of them; empty: the
// same.
var called = []struct {
	what, name, read string
	solid            bool // it has a word that is too long for one line
}{
	{"plain", "Ola Nordmann", "", false},
	{"Norwegian", "Åse Ærlig", "", false},
	{"Hebrew", "שלמה בן־דוד, הנהלת חשבונות של החברה הגדולה בתל אביב", "", false},
	{"Japanese without a space", strings.Repeat("山田太郎", 20), "", true},
	{"families", "Familien " + strings.Repeat(family, 5), "", true},
	{"a family first", family + " Hansen", "", false},
	{"flags", strings.Repeat("🇳🇴🇸🇪🇩🇰", 12), "", true},
	{"combining marks", strings.Repeat("A\u030ase e\u0301 ", 12) + "x", "", false},
	{"a letter with a hundred marks", "a" + strings.Repeat("\u0301", 100) + " b", "", true},
	{"quotes and commas", `Nordmann, Ola "Olli" \ <x@y.example>; (æ)`, "", false},
	{"quotes and commas in ASCII", `Nordmann, Ola "Olli" \ <x@y.example>; (a)`, "", false},
	{"what looks like an encoded word", "=?UTF-8?q?Kari?= Nordmann", "", false},
	{"300 letters", strings.Repeat("a", 300), "", true},
	{"300 letters in words", strings.TrimSpace(strings.Repeat("Nordmann ", 33)), "", false},
	{"400 letters", strings.Repeat("æ", 400), strings.Repeat("æ", 299) + "…", true},
	{"two spaces", "Ola  Nordmann", "Ola Nordmann", false},
	{"a no-break space", "Ola\u00a0Nordmann", "", false},
	{"direction marks", "\u202eOla\u202c", "Ola", false},
	{"nothing to see", "\u200b\u3164\ufe0f", "-", false},
	{"only spaces", "  ", "-", false},
}

var encodedWord = regexp.MustCompile(`=\?UTF-8\?([qb])\?([^ ?]*)\?=`)

// whole checks that header lines are as long as they may be, and that each encoded word holds whole
// characters of the text.
func whole(t *testing.T, header []byte, text string, solid bool) {
	t.Helper()
	ends := map[int]bool{0: true} // of what readers take for characters
	for state, rest := -1, text; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		end := len(text) - len(rest)
		ends[end] = true
		for i := range cluster {
			// which fits into no word
			ends[end-len(cluster)+i] = ends[end-len(cluster)+i] || len(cluster) > 45
		}
	}
	at := 0
	for line := range bytes.SplitSeq(bytes.TrimSuffix(header, []byte("\r\n")), []byte("\r\n")) {
		most := maxLine
		if solid && !bytes.Contains(line, []byte("=?")) {
			most = 998
		}
		if len(line) > most || bytes.ContainsFunc(line,
			func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
		for _, word := range encodedWord.FindAllString(string(line), -1) {
			decoded, err := new(mime.WordDecoder).Decode(word)
			if err != nil || len(word) > maxWord || decoded == "" || !utf8.ValidString(decoded) {
				t.Errorf("word %q of %d: %q, %v", word, len(word), decoded, err)
			}
			skipped := strings.Index(text[at:], decoded)
			if skipped < 0 || !ends[at+skipped] || !ends[at+skipped+len(decoded)] {
				t.Errorf("a character is cut in two before or behind %q", decoded)
				break
			}
			at += skipped + len(decoded)
		}
	}
}

// Go's and Python's readers decode every name to what it was, from lines and words that are short
// enough and end between characters.
func TestHeader_NamesRoundTrip(t *testing.T) {
	r := figurestest.Tiny()
	s := summarise(t, r)
	for _, c := range called {
		t.Run(c.what, func(t *testing.T) {
			want := c.name
			if c.read != "" {
				want = strings.TrimPrefix(c.read, "-")
			}
			text := plain(c.name, mostPhrase)
			for _, first := range []int{maxWord, room("From"), room("Reply-To"), room("Subject")} {
				var b strings.Builder
				writeField(&b, "X", append(phrase(c.name, first), "<kari@example.com>"))
				whole(t, []byte(b.String()), text, c.solid)
				if read, err := netmail.ParseAddress(strings.TrimPrefix(strings.ReplaceAll(b.String(), "\r\n", ""), "X:")); err != nil || read.Name != want {
					t.Errorf("Go reads %q, %v; want %q", read, err, want)
				}
			}
			if long := Address(c.name, "kari@example.com"); strings.ContainsAny(long, "\r\n") {
				t.Errorf("Address has a line break: %q", long)
			}
			address := Address(c.name, "kari@example.com")
			raw, err := Message(r, s, Envelope{From: address, To: []string{address, address},
				ReplyTo: address}, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			said := readByPython(t, raw)
			for _, field := range []string{"From", "To", "Reply-To"} {
				for _, name := range said.Decoded[field] {
					if name != want {
						t.Errorf("Python reads %s %q, want %q", field, name, want)
					}
				}
				// Before 3.13 these put a space between encoded words, so that words come apart
				// that are longer than one.
				spaces := strings.NewReplacer("  ", " ")
				if c.solid {
					spaces = strings.NewReplacer(" ", "")
				}
				for _, name := range said.Names[field] {
					if spaces.Replace(name) != spaces.Replace(want) {
						t.Errorf("Python reads %s %q as well, want %q", field, name, want)
					}
				}
			}
		})
	}
}

// The subject comes back as it was from any reader, and behind its name, since some take a fold
// before it for a space.
func TestMessage_SubjectFolding(t *testing.T) {
	for _, subject := range []string{
		"Nettbutikk chatbot, 9–15 November: 8,031 chats", "", "plain",
		strings.Repeat("æøå 👩‍👩‍👧 ", 15) + "x", "=?UTF-8?q?no?= _ ? =",
		"סיכום שבועי של הצ'אטבוט, 9–15 בנובמבר: 8,031 שיחות", "Familien " + family + family,
	} {
		header, err := Envelope{From: "a@x.example", To: []string{"b@x.example"}}.Header(subject)
		if err != nil {
			t.Fatal(err)
		}
		_, encoded, _ := bytes.Cut(header, []byte("Subject:"))
		whole(t, append([]byte("Subject:"), encoded...), subject, false)
		m, err := netmail.ReadMessage(bytes.NewReader(append(header, "\r\n"...)))
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || decoded != subject {
			t.Errorf("%q comes back as %q, %v", subject, decoded, err)
		}
		if subject != "" && !bytes.HasPrefix(encoded, []byte(" =?UTF-8?")) {
			t.Errorf("%q: %q", subject, encoded)
		}
	}
}

// An encoded word ends between two words of the name where it can.
func TestShares_WordsStayWhole(t *testing.T) {
	got := encodedWords("Åse Nordmann, Avdeling for kundeservice og støtte i Nord-Østerdal",
		maxWord)
	for i, word := range got {
		decoded, err := new(mime.WordDecoder).Decode(word)
		if err != nil || i < len(got)-1 && !strings.HasSuffix(decoded, " ") {
			t.Errorf("%q ends within a word: %v", decoded, err)
		}
	}
	if len(got) < 2 {
		t.Errorf("%q is one word", got)
	}
}

// pythonSaid is what Python's email package reads.
type pythonSaid struct {
	Subject  string
	Images   int
	Attached []string
	Names    map[string][]string // by field
	Decoded  map[string][]string // the same, by Python's older functions
}

// readByPython has a message read and judged by Python's email package, which is what a mail client
// of another maker makes of it. Where there is no Python the test is skipped, but not in CI.
func readByPython(t *testing.T, raw []byte) (said pythonSaid) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no python3, which reads the message as a judge")
		}
		t.Skip("there is no python3: the message is not read by Python's email")
	}
	judge := exec.Command(python, filepath.Join("testdata", "read_mail.py"))
	judge.Stdin = bytes.NewReader(raw)
	out, err := judge.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	return said
}
