package mail

import (
	"strings"
	"testing"

	"kindlyweekly/report/figures/figurestest"
)

// Pictures show some scripts as boxes. A line under the picture says what they are.
func TestHTML_BoxesInPictures(t *testing.T) {
	src := func(name string) string { return name + ".png" }
	for _, c := range []struct{ note, want string }{
		{"दिवाली <b>", ">□ in the picture: दिवाली</p>"},
		{"ไทย, हिन्दी, বাংলা, தமிழ்", ">□ in the picture: ไทย, हिन्दी, বাংলা and 1 more</p>"},
		{"Ærø 订单 ✔", ""},
	} {
		r := figurestest.Named("Retur", c.note)
		page, err := HTML(r, summarise(t, r), src)
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(page, `<img src="chats.png"`)
		after, _, _ = strings.Cut(after, "\n</td>")
		if !strings.Contains(after, c.want) || c.want == "" && strings.Contains(page, "□") {
			t.Errorf("%q: under the picture is %q, want %q", c.note, after, c.want)
		}
	}
}
