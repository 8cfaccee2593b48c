package digest_test

import (
	"testing"

	"github.com/slack-go/slack"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures/figurestest"
)

// Pictures show some scripts as boxes. A line directly under the picture says what they are. A
// chart that Slack draws has no such line.
func TestDetails_BoxesInPictures(t *testing.T) {
	for _, c := range []struct{ locale, note, want string }{
		{"en", "วันหยุด", "□ in the picture: วันหยุด"},
		{"nb", "Salg วันหยุด <2>", "□ i bildet: วันหยุด"},
		{"sv", "दिवाली, ไทย", "□ i bilden: दिवाली och ไทย"},
		{"da", "दिवाली", "□ i billedet: दिवाली"},
		{"de", "दिवाली", "□ im Bild: दिवाली"},
		{"en", "Ærø 订单 שלום ✔ 🎉", ""},
	} {
		r := figurestest.Named("Retur", c.note)
		r.Locale = c.locale
		s := say(t, r)
		got := ""
		blocks := digest.Details(s, digest.Images(nil)).Blocks.BlockSet
		for i, b := range blocks {
			if b.ID() == "chart-fallbacks-boxes" && blocks[i-1].ID() == "chart-fallbacks" {
				line := b.(*slack.ContextBlock).ContextElements.Elements[0]
				got = line.(*slack.TextBlockObject).Text
			}
		}
		if got != c.want {
			t.Errorf("%s, %q: %q under the picture, want %q", c.locale, c.note, got, c.want)
		}
		for _, b := range digest.Details(s, digest.Native).Blocks.BlockSet {
			if b.ID() == "chart-fallbacks-boxes" {
				t.Errorf("%s, %q: a chart that Slack draws has boxes", c.locale, c.note)
			}
		}
	}
}
