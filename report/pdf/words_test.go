package pdf

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/inspect"
	"kindlyweekly/report/pdf/pdftest"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// cases returns reports of every kind, drawn once for all tests. These are the cases and the
// gallery of figurestest, some weeks in each language, and names of all kinds.
var cases = sync.OnceValue(func() map[string]writing {
	all := make(map[string]writing)
	for name, r := range figurestest.Cases() {
		all[name] = write(r)
	}
	for _, e := range figurestest.Gallery() {
		all[e.Name] = write(e.Report)
	}
	for _, locale := range append(wording.Locales(), wording.Pseudo) {
		for name, r := range each(locale) {
			all[locale+" "+name] = write(r)
		}
	}
	for names := range slices.Chunk(figurestest.Names(), 8) { // as many as are on the pages
		all["names as "+strconv.Quote(names[0])] = write(figurestest.Named(names...))
	}
	all["right to left"] = write(figurestest.Named(rightToLeft...))
	for names := range slices.Chunk(emoji, 7) {
		all["emoji as "+names[0]] = write(figurestest.Named(names...))
	}
	all["Chinese, Japanese and Korean"] = write(figurestest.Named(chinese...))
	all["letters"] = write(figurestest.Named(letters...))
	all["boxes"] = write(figurestest.Named(boxed...))
	return all
})

var rightToLeft = []string{"שלום", "מרחבא", "מתי זה מגיע", "مرحبا", "الإلغاء", "مرحبا بالعالم"}

// Letters and signs that few typefaces have. They are drawn as typed.
var letters = []string{"CO₂-avtrykk 10⁻³", "Göndərmə qaydaları", "⅔ rabatt", "Ferdig ✔ ♥ ☐", "Ἐν ἀρχῇ ἦν",
	"Tiếng Việt", "Щётка Ґудзик", "ˈtɛləˌvɪʒən ∞ ⇒ ① Ⅳ №"}

// What the fonts lack. It is drawn as a box, and read and copied as typed.
var boxed = []string{"สวัสดี ครับ", "नमस्ते दुनिया", "Order ยกเลิก now", "ქართული ትግርኛ", "𝄞 clef", "தமிழ்",
	"ខ្មែរ <b>", "বাংলা 🎁"}

// Emoji of all kinds: families, flags, keycaps, skin tones, signs with a selector and without.
var emoji = []string{"Gavekort 🎁🎄", "👨\u200d👩\u200d👧\u200d👦 Familiekort", "Chat på norsk 🇳🇴🇸🇪🇩🇰",
	"1\ufe0f\u20e3 Bestill #\u20e3 Betal", "👍🏽 Ja 👎🏿 Nei", "Ferdig ✔ ♥ ✔\ufe0f ❤\ufe0f",
	"👩🏿\u200d❤\ufe0f\u200d💋\u200d👨🏻 Date", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f Wales 🏳\ufe0f\u200d🌈",
	"🙋🏽\u200d♀\ufe0f🙋🏽\u200d♀ Spør oss", "✈ ☎ ☎\ufe0f ⏰ Ring", "👩\u200d💩🇽🇽\ue000 Ukjent",
	"\U0001faf9🫠🪿"}

var chinese = []string{"我的订单在哪里", "订单🎉（已付款）、查询退款进度和物流信息以及发票", "注文はどこですか",
	"ご注文の（キャンセル）をお願いします。ショッピングカート", "배송 조회", "iPhone 手机壳", "繁體中文客服",
	"お届け 予定日 変更 手続き 方法 確認 お問い合わせ"}

// documents returns the cases and portfolios: with all kinds of bots, with 200 bots, and in each
// language.
var documents = sync.OnceValue(func() map[string]writing {
	all := maps.Clone(cases())
	add := func(name string, o *portfolio.Portfolio) {
		p, err := o.Page()
		if err != nil {
			panic(err)
		}
		d := newAllBots(o, p)
		all["portfolio "+name] = writeBook(d.book, d.blocks)
	}
	for name, o := range portfoliotest.Cases() {
		add(name, o)
	}
	add("200", twoHundred())
	for _, locale := range wording.Locales() {
		o := portfoliotest.Mixed()
		o.Locale = locale
		add(locale, o)
	}
	return all
})

// writing is a PDF, with the texts that were written to it.
type writing struct {
	report *figures.Report // nil: it is a portfolio
	words  *wording.Wording
	file   []byte
	texts  []text
}

// text is a text that is written.
type text struct {
	drawn, read string
	in          *tagged.Element
}

// write draws a report and records its texts.
func write(r *figures.Report) writing {
	s, err := summary.Of(r)
	if err != nil {
		panic(err)
	}
	d := newDocument(r, s, charts.All(s, r.Brand))
	w := writeBook(d.book, d.blocks)
	w.report = r
	return w
}

// writeBook draws blocks and records their texts.
func writeBook(b *book, blocks func() []block) writing {
	w := writing{words: b.words}
	b.trace = func(drawn, read string) {
		w.texts = append(w.texts, text{drawn, read, b.doc.At()})
	}
	b.draw(paginate(blocks()))
	var err error
	if w.file, err = b.doc.Bytes(); err != nil {
		panic(err)
	}
	return w
}

// drawn returns the texts as they are drawn, a line each.
func (w writing) drawn() string {
	var b strings.Builder
	for _, text := range w.texts {
		b.WriteString(text.drawn + "\n")
	}
	return b.String()
}

// Copied text is the drawn text: all words, in drawing order, each whole and once.
func TestPDFToText_WordsDrawn(t *testing.T) {
	for name, w := range documents() {
		t.Run(name, func(t *testing.T) {
			want := copied(w.drawn())
			got := copied(pdftest.Text(t, w.file, "-raw"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("words copied (-want +got):\n%s", diff)
			}
		})
	}
}

// copied returns the words of a text. In the order of writing, pdftotext returns words from right
// to left one by one from the left, and brackets where they are drawn. So copied sorts such words
// and keeps only their letters.
func copied(text string) (words []string) {
	sorted := 0 // the index of the first word of the current run from right to left
	for _, word := range strings.Fields(text) {
		if !strings.ContainsFunc(word, isRightToLeft) {
			words = append(words, word)
			sorted = len(words)
			continue
		}
		words = append(words, strings.FieldsFunc(word, func(r rune) bool {
			return !isRightToLeft(r)
		})...)
		slices.Sort(words[sorted:])
	}
	return words
}

func isRightToLeft(r rune) bool { return unicode.In(r, unicode.Hebrew, unicode.Arabic) }

// Names from right to left are copied whole if the layout of the page is kept.
func TestPDFToText_RightToLeft(t *testing.T) {
	for _, name := range rightToLeft {
		w := write(figurestest.Named(name))
		got := pdftest.Text(t, w.file, "-layout")
		if want := strings.Count(w.drawn(), name); want == 0 ||
			strings.Count(got, name) != want {
			t.Errorf("%q is copied %d times, want %d:\n%s", name, strings.Count(got, name), want,
				got)
		}
	}
}

// All text that is written is read, in the same order. Exceptions are ornaments, and what is read
// elsewhere, such as the repeated head of a table.
func TestRender_ReadsWhatIsWritten(t *testing.T) {
	for name, w := range documents() {
		d, texts := read(t, w.file), slices.Clone(w.texts)
		said := d.Root.Text()
		i := len(texts)
		for unread := d.Unread; len(unread) > 0; { // from the last one: repetitions come last
			// A text with emoji or Chinese has several unread parts.
			parts := 0
			for i--; i >= 0 && parts == 0; i-- {
				parts = lastParts(unread, texts[i].drawn)
			}
			i++
			text := strings.Join(unread[len(unread)-max(parts, 1):], "")
			unread = unread[:len(unread)-max(parts, 1)]
			if parts == 0 {
				t.Fatalf("%s: %q is unread, and not written", name, text)
			}
			repeated, _, _ := strings.Cut(strings.TrimSpace(texts[i].drawn), "…") // a cut name
			if texts = slices.Delete(texts, i, i+1); !isSign(repeated) &&
				!isPageNumber(repeated, w.words, d.Pages) &&
				!strings.Contains(said, spaced(repeated)) {
				t.Errorf("%s: %q is not read", name, repeated)
			}
		}
		var want []string
		for i, text := range texts {
			if i+1 < len(texts) && text.in == texts[i+1].in &&
				fonts.Gap(text.read, texts[i+1].read) == "" { // the line ends in a Chinese name
				texts[i+1].read = text.read + texts[i+1].read
				continue
			}
			words := strings.Fields(text.read)
			if text.in.Area != (tagged.Area{}) { // in a figure
				words = slices.DeleteFunc(words, hasRightToLeft)
			}
			want = append(want, slices.DeleteFunc(words, isSign)...)
		}
		var got []string
		for _, block := range blocks(d.Root) {
			words := strings.Fields(drawnText(block))
			if block.Role == "Figure" { // its Alt is read, so its texts are as drawn
				words = slices.DeleteFunc(words, hasRightToLeft)
			}
			got = append(got, slices.DeleteFunc(words, isSign)...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: words read (-want +got):\n%s", name, diff)
		}
	}
}

// A Chinese name of several lines is read without spaces.
func TestRender_ReadsChineseWhole(t *testing.T) {
	const name = "订单🎉（已付款）、查询退款进度和物流信息以及发票的历史记录"
	w := write(figurestest.Named("Chat", name))
	said, lines := read(t, w.file).Root.Text(), 0
	for _, text := range w.texts {
		part := strings.TrimSpace(text.read)
		if part == name || !strings.HasPrefix(name, part) {
			continue
		}
		if lines++; strings.Contains(said, part+" ") {
			t.Errorf("a space is read after %q", part)
		}
	}
	if lines < 2 {
		t.Errorf("%q takes several lines %d times", name, lines)
	}
}

// lastParts returns how many of the last parts form a text together, or 0 if none do.
func lastParts(parts []string, text string) int {
	for n := 1; n <= min(len(parts), len(fonts.Runs(fonts.Regular, text))); n++ {
		if sameLetters(strings.Join(parts[len(parts)-n:], ""), text) {
			return n
		}
	}
	return 0
}

// isSign reports whether a text is a sign or an arrow. These are ornaments, or a word is read
// instead.
func isSign(text string) bool { return text == "✓" || text == "!" || text == "→" }

func isPageNumber(text string, words *wording.Wording, pages int) bool {
	for page := range pages {
		if text == words.Say(wording.PageOf, strconv.Itoa(page+1), strconv.Itoa(pages)) {
			return true
		}
	}
	return false
}

func hasRightToLeft(word string) bool { return strings.ContainsFunc(word, isRightToLeft) }

// sameLetters reports whether texts have the same letters, in any order and any form.
func sameLetters(a, b string) bool {
	letters := func(s string) []rune {
		runes := []rune(norm.NFKC.String(strings.Join(strings.Fields(s), "")))
		slices.Sort(runes)
		return runes
	}
	return slices.Equal(letters(a), letters(b))
}

// blocks returns the elements that have text: cells, items, paragraphs, headings and figures.
func blocks(e *inspect.Element) (all []*inspect.Element) {
	switch e.Role {
	case "Document", "L", "LI", "Table", "THead", "TBody", "TFoot", "TR":
		for _, k := range e.Kids {
			if k.Element != nil {
				all = append(all, blocks(k.Element)...)
			}
		}
		return all
	}
	return []*inspect.Element{e}
}

// drawnText returns the text of an element, including the signs drawn in it.
func drawnText(e *inspect.Element) string {
	if e.Actual != "" {
		return e.Actual
	}
	var b strings.Builder
	for _, k := range e.Kids {
		switch {
		case k.Element == nil:
			b.WriteString(k.Text)
		case k.Element.Alt != "":
			b.WriteString(" " + drawnText(k.Element) + " ")
		default:
			b.WriteString(drawnText(k.Element))
		}
	}
	return b.String()
}
