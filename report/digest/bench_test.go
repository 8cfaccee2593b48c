package digest_test

import (
	"testing"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures/figurestest"
)

func BenchmarkText(b *testing.B) {
	r := figurestest.Busy()
	s := say(b, r)
	b.ReportAllocs()
	for b.Loop() {
		digest.Text(s, 80)
	}
}

func BenchmarkSlack(b *testing.B) {
	r := figurestest.Busy()
	s := say(b, r)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := digest.Slack(s, digest.Native).JSON(); err != nil {
			b.Fatal(err)
		}
	}
}
