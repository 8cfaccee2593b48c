package names_test

import (
	"slices"
	"testing"

	"kindlyweekly/report/names"
)

func TestBoxed(t *testing.T) {
	for _, c := range []struct {
		s    string
		want []string
	}{
		{"", nil},
		{"Åpningstider", nil},
		{"Статус Αλλαγή שלום مرحبا 订单 ご注文 주문 ⅔ ✔", nil},
		{"🎉 👨\u200d👩\u200d👧 🇳🇴 1\ufe0f\u20e3", nil},
		{"ไทย", []string{"ไทย"}},
		{"Order ยกเลิก now", []string{"ยกเลิก"}},
		{"สวัสดี  ครับ!", []string{"สวัสดี ครับ"}}, // one name
		{"नमस्ते, दुनिया", []string{"नमस्ते", "दुनिया"}},
		{"हिन्\u200dदी 3 বাংলা", []string{"हिन्दी", "বাংলা"}},
	} {
		if got := names.Boxed(c.s); !slices.Equal(got, c.want) {
			t.Errorf("Boxed(%q) = %q, want %q", c.s, got, c.want)
		}
	}
}
