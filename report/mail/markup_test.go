package mail

import (
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures/figurestest"
)

// What is written as text comes back from a reader as it was, and holds nothing that could end a
// tag or an attribute.
func TestText(t *testing.T) {
	for _, s := range append(figurestest.Names(), `"><script>alert('x')</script>`, "&lt;",
		"+1 − 2") {
		got := string(text(s))
		if strings.ContainsAny(got, `<>"'`) {
			t.Errorf("text(%q) = %s", s, got)
		}
		if back := html.UnescapeString(got); back != s {
			t.Errorf("%q comes back as %q", s, back)
		}
	}
}

func TestAddress(t *testing.T) {
	web, inside := []string{"http", "https"}, []string{"cid", ""}
	for _, test := range []struct {
		in      string
		schemes []string
		want    markup // empty: refused
	}{
		{"https://bot.example/chat?a=1&b=[2]#top", web,
			"https://bot.example/chat?a=1&amp;b=[2]#top"},
		{"HTTP://bot.example", web, "HTTP://bot.example"},
		{`https://bot.example/å b%20c"><script>'(x)\`, web,
			"https://bot.example/%c3%a5%20b%20c%22%3e%3cscript%3e%27%28x%29%5c"},
		{"cid:chats.2026-W46.ab12@kindly-weekly.invalid", inside,
			"cid:chats.2026-W46.ab12@kindly-weekly.invalid"},
		{"charts/chats.png", inside, "charts/chats.png"},
		{`\\x.example\chats.png`, inside, "%5c%5cx.example%5cchats.png"}, // a path, not a server

		{"charts/chats.png", web, ""},
		{"cid:chats", web, ""},
		{"https:bot.example", web, ""},
		{"https://", web, ""},
		{"javascript:alert(1)", web, ""},
		{" javascript:alert(1)", web, ""},
		{"java\nscript:alert(1)", web, ""},
		{"data:text/html,x", web, ""},
		{"//x.example/chats.png", inside, ""},
		{"///x.example/chats.png", inside, ""},
		{"cid://x.example/chats.png", inside, ""},
		{"https://x.example/chats.png", inside, ""},
		{"file:///etc/passwd", inside, ""},
		{"data:image/png;base64,AA==", inside, ""},
	} {
		got, ok := address(test.in, test.schemes...)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("address(%q, %q) = %q, %t, want %q", test.in, test.schemes, got, ok, test.want)
		}
	}
}

// A picture that a client would fetch is an error, not a page with a hole.
func TestHTML_RemotePicture(t *testing.T) {
	r := figurestest.Tiny()
	page, err := HTML(r, summarise(t, r),
		func(string) string { return "https://x.example/chats.png" })
	if err == nil || !strings.Contains(err.Error(),
		`chart chats: picture "https://x.example/chats.png"`) || page != "" {
		t.Errorf("the page is %d bytes, %v", len(page), err)
	}
}

// Nothing becomes markup but by the functions of markup.go, which escape it.
func TestMarkup_MadeInOneFile(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made := make(map[string]int) // conversions, by file
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "markup" {
					made[name]++
				}
			}
			return true
		})
	}
	if made["markup.go"] == 0 || len(made) != 1 {
		t.Errorf("strings are converted to markup in %v, want only in markup.go", made)
	}
}

// A template would make the Lambda that links this package half as big again: see the package's
// documentation.
func TestNoTemplate(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f",
		`{{if .Module}}{{if .Module.Main}}{{.ImportPath}} {{join .Imports " "}}{{end}}{{end}}`, "kindlyweekly/report/mail")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	listed := false
	for line := range strings.Lines(string(out)) {
		name, imports := strings.Fields(line)[0], strings.Fields(line)[1:]
		listed = listed || name == "kindlyweekly/report/mail"
		for _, template := range []string{"html/template", "text/template"} {
			if slices.Contains(imports, template) {
				t.Errorf("%s imports %s", name, template)
			}
		}
	}
	if !listed {
		t.Errorf("go list does not name the package:\n%s", out)
	}
}
