package report_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"testing"
)

// numbersAsTexts are messages to which a number may be passed as a text, since no word of the
// message agrees with it. It is not a count, or it is next to another number without a noun.
var numbersAsTexts = []string{
	// not a count
	"ReasonStatus", "ReasonStatusOnly", "SlashNoNumber", "SlashNoWeek", "SlashTooEarly", "PageOf",
	"BelowLimit", "PortfolioOfGroup",
	// "usually 7,900", "week before 7,607"
	"Usually", "LastWeek", "InsightClosedUsual",
	"InsightDayMore", "InsightDayFewer", "InsightDayBoth",
	"HeadlineNoneBaseline", "HeadlineFew", "ChatsPartial", "SubtitleChange", "SubtitleLast", "SubtitleUsual",
	"SubtitleTrend", "SubtitleTrendUsual",
	variable, // records and streaks
}

// variable is the name for a key that is not a constant.
const variable = "a key"

// A count that is passed to a message as a text has no plural form.
func TestSay_CountsAreNumbers(t *testing.T) {
	used := make(map[string]bool)
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			if p.ImportPath == "report/wording" { // dates, and numbers that are already written
				continue
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || called(call) != "Say" {
					return true
				}
				key := variable
				if sel, ok := call.Args[0].(*ast.SelectorExpr); ok {
					key = sel.Sel.Name
				}
				for _, arg := range call.Args[1:] {
					number, ok := arg.(*ast.CallExpr)
					if !ok || !slices.Contains([]string{"Count", "Median", "Sprint", "Itoa"},
						called(number)) {
						continue
					}
					used[key] = true
					if !slices.Contains(numbersAsTexts, key) {
						t.Errorf("%s: %s has a number as a text", fset.Position(arg.Pos()), key)
					}
				}
				return true
			})
		}
	}
	for _, key := range numbersAsTexts {
		if !used[key] {
			t.Errorf("%s has no number as a text: take it off the list", key)
		}
	}
}

// called returns the name of the method or function that is called.
func called(call *ast.CallExpr) string {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Name
	}
	return ""
}

// Every message is said somewhere.
func TestSay_EveryMessage(t *testing.T) {
	keys, used := make(map[string]bool), make(map[string]bool)
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			within := p.ImportPath == "report/wording"
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					if typ, ok := n.Type.(*ast.Ident); within && ok && typ.Name == "Key" {
						keys[n.Names[0].Name] = true
						return false
					}
				case *ast.KeyValueExpr: // the text of a language
					if _, ok := n.Value.(*ast.BasicLit); within && ok {
						return false
					}
				case *ast.Ident:
					used[n.Name] = true
				}
				return true
			})
		}
	}
	if len(keys) < 300 {
		t.Errorf("only %d messages are found", len(keys))
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !used[key] {
			t.Errorf("%s is said nowhere: delete it", key)
		}
	}
}
