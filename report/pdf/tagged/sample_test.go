package tagged_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/pdf/tagged"
)

// sample is a document that a test draws.
type sample struct {
	*tagged.Document
	pdf  *gofpdf.Fpdf
	face *fonts.Face
	size float64
	y    float64
}

const (
	left    = 50.0
	leading = 14.0
)

var about = tagged.About{
	Title: "Nettbutikk & Co. <uke 47> 🚀", Subject: "Chats rose by 18%", Author: "Kindly Weekly",
	Creator: "Kindly Weekly", Lang: "en",
	Time: time.Date(2026, 11, 16, 8, 2, 11, 0, time.FixedZone("", 3600)),
}

// newSample returns a document with an empty page.
func newSample(about tagged.About) *sample {
	pdf := gofpdf.New("P", "pt", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	s := &sample{Document: tagged.New(pdf, about), pdf: pdf}
	s.page()
	return s
}

func (s *sample) page() {
	s.AddPage()
	s.y = 50
}

// lines draws the lines of one paragraph, each from x on.
func (s *sample) lines(x float64, lines ...string) {
	for i, line := range lines {
		if i < len(lines)-1 {
			line += " "
		}
		s.text(x, s.y, fonts.Visual(line), line)
		s.y += leading
	}
}

func (s *sample) text(x, y float64, drawn, actual string) {
	s.Line(y, actual, "", s.part(x, drawn))
}

func (s *sample) part(x float64, drawn string) tagged.Part {
	return tagged.Part{Font: s.face, Size: s.size, X: x, Text: drawn}
}

func (s *sample) font(face *fonts.Face, size float64) {
	s.face, s.size = face, size
	s.pdf.SetTextColor(20, 30, 40)
}

func (s *sample) foot(text string) {
	s.Footer(func() {
		s.y = 800
		s.rule()
		s.lines(left, text)
	})
}

func (s *sample) rule() {
	s.Paint()
	s.pdf.SetLineWidth(0.5)
	s.pdf.Line(left, s.y-10, 500, s.y-10)
}

func (s *sample) heading(role tagged.Role, title string) {
	s.font(fonts.SemiBold, 14)
	s.Bookmark(title, s.y-leading)
	s.Tag(role, func() { s.lines(left, title) })
	s.font(fonts.Regular, 10)
}

// full draws everything that a report has, on three pages.
func full() *sample {
	s := newSample(about)
	s.logo()
	s.heading(tagged.H1, "Nettbutikk")
	s.Tag(tagged.P, func() {
		s.lines(left, "A paragraph of two lines that", "are one sentence, with «ø», ß")
		s.Tag(tagged.Link, func() {
			s.LinkURL(tagged.Area{X: left, Y: s.y - 10, W: 90, H: leading},
				"https://app.kindly.ai/bot/1?a=(b)", "Open in Kindly")
			s.lines(left, "Open in Kindly")
		})
		s.lines(left, "and words after the link.")
	})
	s.rule()
	details := new(tagged.Place)
	s.Tag(tagged.L, func() {
		for _, text := range []string{"8,031 chats", "18.7% fallbacks"} {
			s.Tag(tagged.LI, func() {
				s.Tag(tagged.LBody, func() {
					s.Tag(tagged.Link, func() {
						s.frame(120, 20)
						s.LinkPlace(tagged.Area{X: left, Y: s.y - 12, W: 120, H: 20}, details,
							text+": details")
						s.lines(left, text)
						s.sign("better", "✓")
					})
				})
			})
			s.y += 10
		}
	})
	s.heading(tagged.H2, "Chats per day")
	s.chart("Chats per day: Monday 3, Tuesday 5, Wednesday 4")
	s.Tag(tagged.P, func() {
		s.lines(left, "The label ")
		s.Tag(tagged.Span, func() { s.lines(left, "משלוח (2) ") }).Lang = "he"
		s.lines(left, "rose.", "شحن מהיר fast 12")
	})
	s.foot("Page 1 of 3")
	s.page()
	s.font(fonts.Regular, 10)
	s.y = 500
	s.Reach(details, s.y)
	s.heading(tagged.H2, "Labels")
	s.table()
	s.heading(tagged.H2, "Glossary")
	s.Tag(tagged.L, func() {
		s.Tag(tagged.LI, func() {
			s.Tag(tagged.Lbl, func() { s.lines(left, "Chat ") })
			s.Tag(tagged.LBody, func() { s.lines(left, "what a user begins") })
		})
	})
	s.Tag(tagged.P, func() {}) // left out, since it is empty
	s.foot("Page 3 of 3")
	s.Attach(tagged.File{Name: "report.json", Type: "application/json",
		Description: "The figures, for programs", Data: []byte(`{"schema": 1}`)})
	s.Attach(tagged.File{Name: "report.csv", Type: "text/csv", Description: "The «figures»",
		Data: []byte(strings.Repeat("a,b\n", 999))})
	return s
}

// logo draws an image with transparent parts.
func (s *sample) logo() {
	img := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	for i := range 20 {
		img.Set(i, i/2, color.NRGBA{200, 30, 90, uint8(12 * i)})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	options := gofpdf.ImageOptions{ImageType: "PNG"}
	s.pdf.RegisterImageOptionsReader("logo", options, &b)
	figure := s.Tag(tagged.Figure, func() {
		s.Paint()
		s.pdf.ImageOptions("logo", left, s.y, 40, 20, false, options, 0, "")
	})
	figure.Alt, figure.Area = "Logo", tagged.Area{X: left, Y: s.y, W: 40, H: 20}
	s.y += 40
}

func (s *sample) frame(w, h float64) {
	s.Paint()
	s.pdf.RoundedRect(left, s.y-12, w, h, 4, "1234", "D")
	s.pdf.RawWriteStr("Q") // gofpdf omits it
}

func (s *sample) sign(alt, text string) {
	s.y -= leading
	s.Tag(tagged.Span, func() { s.lines(left+100, text) }).Alt = alt
}

// chart draws columns with numbers: vectors and texts in turn.
func (s *sample) chart(alt string) {
	area := tagged.Area{X: left, Y: s.y, W: 200, H: 60}
	figure := s.Tag(tagged.Figure, func() {
		for i, h := range []float64{30, 50, 40} {
			x := left + 30*float64(i)
			s.Paint()
			s.pdf.SetFillColor(10, 90, 200)
			s.pdf.Rect(x, s.y+60-h, 20, h, "F")
			s.text(x, s.y+58-h, fmt.Sprint(h/10), "")
		}
	})
	figure.Alt, figure.Area = alt, area
	s.y += 80
}

// table draws a table that continues on the next page, where its head is repeated.
func (s *sample) table() {
	row := func(group *tagged.Element, cell tagged.Role, texts ...string) {
		tr := group.Add(tagged.TR)
		y, end := s.y, s.y
		for i, text := range texts {
			role, scope := cell, tagged.Scope("")
			if cell == tagged.TH {
				scope = tagged.Column
			} else if i == 0 {
				role, scope = tagged.TH, tagged.Row
			}
			e := tr.Add(role)
			e.Scope = scope
			s.y = y
			s.In(e, func() {
				if text != "" {
					s.lines(left+100*float64(i), strings.Split(text, "|")...)
				}
			})
			end = max(end, s.y)
		}
		s.y = end
		s.rule()
	}
	s.Tag(tagged.Table, func() {
		table := s.At()
		table.Summary = "Labels by chats"
		row(table.Add(tagged.THead), tagged.TH, "Label", "Chats", "Week|before")
		body := table.Add(tagged.TBody)
		for i := range 22 {
			if s.y > 780 {
				s.foot("Page 2 of 3")
				s.page()
				s.font(fonts.Regular, 10)
				s.Artifact(func() { row(s.At(), tagged.TH, "Label", "Chats", "Week|before") })
			}
			row(body, tagged.TD, fmt.Sprint("Label ", i), fmt.Sprint(i*i), []string{"", "7"}[i%2])
		}
		row(table.Add(tagged.TFoot), tagged.TD, "All", "70,210", "")
	})
	s.y += 20
}

// samples returns documents of every kind.
func samples() map[string]*sample {
	empty := newSample(tagged.About{Title: "Empty", Lang: "nb", Time: about.Time})
	opaque := newSample(about) // has no logo, so gofpdf writes another PDF version
	opaque.heading(tagged.H1, "שלום")
	opaque.Tag(tagged.P, func() { opaque.lines(left, "a", "b") })
	emoji := newSample(about)
	emoji.Unicode = func(r rune) string {
		return map[rune]string{'☆': "👩\u200d🚀", '★': "1️⃣"}[r]
	}
	emoji.heading(tagged.H1, "Emoji")
	emoji.Tag(tagged.P, func() { emoji.lines(left, "a ☆ b★☆ c, ÿĀ") })
	return map[string]*sample{"full": full(), "empty": empty, "opaque": opaque, "emoji": emoji,
		"boxes": boxes()}
}

// boxes draws characters that the font lacks. They are still read and copied.
func boxes() *sample {
	s := newSample(about)
	draw := func(read, copied, drawn string) {
		s.Line(s.y, read, copied, s.part(left, drawn))
		s.y += leading
	}
	s.heading(tagged.H1, "Boxes")
	s.Tag(tagged.P, func() {
		draw("Label (ไทย), ", "Label (ไทย) ", "Label (□) ")
		draw("𝄞 is a sign", "𝄞 is a sign", "□ is a sign")
	})
	s.Tag(tagged.P, func() { draw("שלום ไทย", "שלום ไทย", "□ םולש") })
	s.Tag(tagged.Figure, func() { draw("दिवाली", "दिवाली", "□") }).Alt = "दिवाली: 3"
	s.Footer(func() { draw("ไทย, page 1", "ไทย, page 1", "□, page 1") })
	return s
}

func file(t testing.TB, s *sample) []byte {
	t.Helper()
	data, err := s.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}
