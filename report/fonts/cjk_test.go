package fonts_test

import (
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/fonts"
)

// Lines of Chinese and Japanese end where their rules allow it. The lines joined by Gap are the
// text as typed.
func TestWrap_CJK(t *testing.T) {
	for _, test := range []struct {
		name, in string
		width    float64
		want     []string
	}{
		{"between any two characters", "我的订单在哪里", 3, []string{"我的订", "单在哪", "里"}},
		{"not before what closes", "订单（已付款）查询", 4, []string{"订单（已", "付款）查", "询"}},
		{"not after what opens", "我的（订单）", 3, []string{"我的", "（订", "单）"}},
		{"not before a small kana or a long vowel", "チャットを見るショップ", 4,
			[]string{"チャット", "を見る", "ショップ"}},
		{"at a space, which stays", "注文 番号", 3, []string{"注文 ", "番号"}},
		{"Korean has spaces", "주문 내역 조회하기", 6, []string{"주문 내역", "조회하기"}},
		{"among letters", "iPhone 手机壳 sale", 8, []string{"iPhone 手", "机壳 sale"}},
		{"letters and characters go together", "VIP会员专享", 5, []string{"VIP会员", "专享"}},
	} {
		got := fonts.Wrap(fonts.Clean(test.in), test.width, 3, runes)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		var copied strings.Builder
		for i, line := range got {
			if copied.WriteString(line); i < len(got)-1 {
				copied.WriteString(fonts.Gap(line, got[i+1]))
			}
		}
		if copied.String() != test.in {
			t.Errorf("%s: copied as %q, want %q", test.name, copied.String(), test.in)
		}
	}
}

func TestGap_IsolatedNames(t *testing.T) {
	name := "\u2068我的订单在哪里\u2069"
	measure := func(s string) float64 {
		return runes(strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s))
	}
	got := fonts.Wrap("The label "+name+" rose", 13, 9, measure)
	want := []string{"The label \u2068我的订\u2069", "\u2068单在哪里\u2069 rose"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if gap := fonts.Gap(got[0], got[1]); gap != "" {
		t.Errorf("%q is between the lines", gap)
	}
}

func TestCJK_Characters(t *testing.T) {
	for _, text := range []string{"订单發票門店〇々", "ご注文（お届け）パスワード、「」", "ㄅㄆㄇ",
		"주문 배송 조회 뷁", "！？～￥"} {
		if got := fonts.Clean(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
