package tagged

import (
	"fmt"
	"strings"
	"testing"
)

func TestParse_Errors(t *testing.T) {
	const (
		head = "%PDF-1.3\n1 0 obj\n<</Type /Pages\n/Kids []\n>>\nendobj\n"
		rest = "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n%010d 00000 n \n" +
			"%010d 00000 n \ntrailer\n<<\n/Size 4\n/Root 2 0 R\n/Info 3 0 R\n>>\nstartxref\n%d\n%%%%EOF\n"
		info = "3 0 obj\n<<>>\nendobj\n"
		root = "2 0 obj\n" + catalog + "\nendobj\n"
	)
	build := func(root, info string) string {
		return head + root + info + fmt.Sprintf(rest, len(head), len(head)+len(root),
			len(head)+len(root)+len(info))
	}
	whole := build(root, info)
	if _, err := parse([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, file, want string }{
		{"nothing", "", "no startxref"},
		{"no offset", strings.Replace(whole, "startxref\n", "startxref\nx", 1), "startxref"},
		{"a wrong offset", strings.Replace(whole, "startxref\n", "startxref\n1", 1), "startxref"},
		{"no table", strings.Replace(whole, "\nxref", "\nXREF", 1), "cross-reference table"},
		{"objects without a place", strings.Replace(whole, "0 4\n", "0 3\n", 1),
			"has not 3 objects"},
		{"an object elsewhere", strings.Replace(whole, "2 0 obj", "5 0 obj", 1),
			"object 2: not at its offset"},
		{"an unknown stream", build(root, "3 0 obj\n<<>>\nstream\na\nendstream\nendobj\n"),
			"object 3: the stream has no length"},
		{"a stream of another length", build(root,
			"3 0 obj\n<</Length 4>>\nstream\na\nendstream\nendobj\n"), "another length"},
		{"no list of pages", strings.Replace(whole, "/Kids []", "/Kids {}", 1),
			"object 1 is not the list of pages"},
		{"another catalog", build(strings.Replace(root, "/Pages", "/Lang (en)\n/Pages", 1), info),
			"the catalog has entries that would be lost"},
	}
	for _, test := range tests {
		f, err := parse([]byte(test.file))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, %v, want an error with %q", test.name, f, err, test.want)
		}
	}
}
