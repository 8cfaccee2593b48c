package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math"
	"path/filepath"
	"slices"
	"strings"
)

// A mutator puts the mutants of one file into its source. It only inserts text, and replaces
// operators, so that changes can lie within each other.
type mutator struct {
	set      *token.FileSet
	file     *token.File
	info     *types.Info
	source   []byte
	mutants  []*mutant
	edits    []edit
	function string
	results  *ast.FieldList
}

// An edit replaces the source from one offset to another. Of edits at the same offset, the ends of
// inner expressions come first, then the beginnings of outer ones, then what is replaced there.
type edit struct {
	from, to, order int
	text            string
}

func (m *mutator) insert(at token.Pos, text string) {
	m.edits = append(m.edits, edit{from: m.file.Offset(at), to: m.file.Offset(at), text: text})
}

// wrap puts text around the source of n. Wrapped things are visited from the outside to the inside.
func (m *mutator) wrap(n ast.Node, before, after string) {
	from, to := m.file.Offset(n.Pos()), m.file.Offset(n.End())
	m.edits = append(m.edits, edit{from, from, len(m.edits) + 1, before},
		edit{to, to, -len(m.edits) - 1, after})
}

func (m *mutator) replace(at token.Pos, length int, text string) {
	m.edits = append(m.edits, edit{m.file.Offset(at), m.file.Offset(at) + length, math.MaxInt,
		text})
}

func (m *mutator) apply() []byte {
	slices.SortStableFunc(m.edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.order, b.order))
	})
	var out []byte
	last := 0
	for _, e := range m.edits {
		out = append(out, m.source[last:e.from]...)
		out = append(out, e.text...)
		last = e.to
	}
	return append(out, m.source[last:]...)
}

func (m *mutator) text(n ast.Node) string {
	s := strings.Join(strings.Fields(string(m.source[m.file.Offset(n.Pos()):m.file.Offset(n.End())])), " ")
	if r := []rune(s); len(r) > 100 {
		s = string(r[:60]) + "…" + string(r[len(r)-39:])
	}
	return s
}

// add makes a mutant of n and returns its number.
func (m *mutator) add(n ast.Node, change string) int {
	id := len(m.mutants)
	position := m.set.Position(n.Pos())
	m.mutants = append(m.mutants, &mutant{id: id,
		place:    fmt.Sprintf("%s:%d", filepath.Base(position.Filename), position.Line),
		function: m.function, change: m.text(n) + " => " + change})
	return id
}

// block visits statements that stand in a list. Last says that the list ends its function.
func (m *mutator) block(list []ast.Stmt, last bool) {
	for i, s := range list {
		m.statement(s, last && i == len(list)-1)
	}
}

func (m *mutator) statement(s ast.Stmt, last bool) {
	switch s := s.(type) {
	case *ast.ExprStmt, *ast.SendStmt, *ast.GoStmt, *ast.IncDecStmt:
		m.remove(s)
		m.inner(s)
	case *ast.DeferStmt:
		if !cleans(s.Call) {
			m.remove(s)
		}
		m.inner(s)
	case *ast.AssignStmt:
		if blank, ok := s.Lhs[0].(*ast.Ident); s.Tok != token.DEFINE && !(ok && blank.Name == "_") {
			m.remove(s)
		}
		m.inner(s)
	case *ast.BranchStmt:
		if (s.Tok == token.BREAK || s.Tok == token.CONTINUE) && !last {
			m.remove(s)
		}
	case *ast.ReturnStmt:
		if len(s.Results) == 0 && !last {
			m.remove(s)
		}
		m.returned(s)
	case *ast.BlockStmt:
		m.block(s.List, last)
	case *ast.IfStmt:
		m.inner(s.Init)
		m.condition(s.Cond, true, true)
		m.block(s.Body.List, false)
		if s.Else != nil {
			m.statement(s.Else, false)
		}
	case *ast.ForStmt:
		m.inner(s.Init)
		m.condition(s.Cond, false, true)
		m.inner(s.Post)
		m.block(s.Body.List, false)
	case *ast.RangeStmt:
		m.inner(s.X)
		m.block(s.Body.List, false)
	case *ast.SwitchStmt:
		m.inner(s.Init)
		m.inner(s.Tag)
		for _, c := range s.Body.List {
			clause := c.(*ast.CaseClause)
			for _, e := range clause.List {
				if s.Tag == nil {
					m.condition(e, true, true)
				}
			}
			m.block(clause.Body, false)
		}
	case *ast.TypeSwitchStmt:
		m.inner(s.Init)
		for _, c := range s.Body.List {
			m.block(c.(*ast.CaseClause).Body, false)
		}
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			clause := c.(*ast.CommClause)
			m.inner(clause.Comm)
			m.block(clause.Body, false)
		}
	case *ast.LabeledStmt:
		m.statement(s.Stmt, last)
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			m.inner(d)
		}
	}
}

// cleans reports whether a deferred call only gives something back.
func cleans(call *ast.CallExpr) bool {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name == "cancel"
	case *ast.SelectorExpr:
		return slices.Contains([]string{"Close", "Unlock", "RUnlock", "Done"}, f.Sel.Name)
	}
	return false
}

func (m *mutator) remove(s ast.Stmt) {
	id := m.add(s, "removed")
	m.wrap(s, fmt.Sprintf("if !mutation_.On(%d) { ", id), " }")
}

// returned visits the results of a return statement. An error that is returned is lost.
func (m *mutator) returned(s *ast.ReturnStmt) {
	for i, e := range s.Results {
		if i == len(s.Results)-1 && m.lastIsError(len(s.Results)) && !m.isNil(e) {
			id := m.add(e, "nil")
			m.wrap(e, fmt.Sprintf("mutation_.Err(%d, ", id), ")")
		}
		if name, ok := e.(*ast.Ident); ok && name.Name == "true" {
			m.wrap(e, fmt.Sprintf("mutation_.Never(%d, ", m.add(s, "false")), ")")
		} else if ok && name.Name == "false" {
			m.wrap(e, fmt.Sprintf("mutation_.Always(%d, ", m.add(s, "true")), ")")
		}
		m.inner(e)
	}
}

// lastIsError reports whether the function that is visited has n results, the last of them an
// error.
func (m *mutator) lastIsError(n int) bool {
	if m.results == nil || m.results.NumFields() != n {
		return false
	}
	last := m.results.List[len(m.results.List)-1].Type
	named, ok := last.(*ast.Ident)
	return ok && named.Name == "error"
}

func (m *mutator) isNil(e ast.Expr) bool { return m.info.Types[e].IsNil() }

// inner visits the expressions within n.
func (m *mutator) inner(n ast.Node) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			results := m.results
			m.results = n.Type.Results
			m.block(n.Body.List, true)
			m.results = results
			return false
		case *ast.BinaryExpr:
			return !m.binary(n)
		case *ast.UnaryExpr:
			if n.Op == token.SUB && m.info.Types[n].Value == nil {
				id := m.add(n, "without minus")
				m.replace(n.Pos(), 1, fmt.Sprintf("mutation_.Neg(%d, ", id))
				m.edits = append(m.edits, edit{m.file.Offset(n.End()), m.file.Offset(n.End()),
					-len(m.edits) - 1, ")"})
			}
		}
		return true
	})
}

// condition visits an expression that is true or false. It can be made always true, and always
// false.
func (m *mutator) condition(e ast.Expr, always, never bool) {
	if e == nil || m.info.Types[e].Value != nil {
		return
	}
	if p, ok := e.(*ast.ParenExpr); ok {
		m.condition(p.X, always, never)
		return
	}
	b, ok := e.(*ast.BinaryExpr)
	if always {
		m.wrap(e, fmt.Sprintf("mutation_.Always(%d, ", m.add(e, "true")), ")")
	}
	if never {
		m.wrap(e, fmt.Sprintf("mutation_.Never(%d, ", m.add(e, "false")), ")")
	}
	switch {
	case ok && b.Op == token.LAND:
		m.condition(b.X, true, false)
		m.condition(b.Y, true, false)
	case ok && b.Op == token.LOR:
		m.condition(b.X, false, true)
		m.condition(b.Y, false, true)
	case ok:
		m.relation(b)
	default:
		m.inner(e)
	}
}

// relation visits a comparison.
func (m *mutator) relation(b *ast.BinaryExpr) {
	names := map[token.Token]string{token.LSS: "Less", token.LEQ: "LessEqual", token.GTR: "More",
		token.GEQ: "MoreEqual"}
	swapped := map[token.Token]string{token.LSS: "<=", token.LEQ: "<", token.GTR: ">=",
		token.GEQ: ">"}
	if name := names[b.Op]; name != "" && m.basic(b.X) && m.basic(b.Y) {
		m.call(b, name, swapped[b.Op])
	}
	m.inner(b.X)
	m.inner(b.Y)
}

// call makes a mutant of b that is a call of a function of package mutation.
func (m *mutator) call(b *ast.BinaryExpr, name, change string) {
	id := m.add(b, change)
	m.wrap(b, fmt.Sprintf("mutation_.%s(%d, ", name, id), ")")
	m.replace(b.OpPos, len(b.Op.String()), ",")
}

// basic reports whether e has a type with an order, and no type parameter.
func (m *mutator) basic(e ast.Expr) bool {
	t := m.info.Types[e].Type
	if t == nil {
		return false
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsOrdered != 0
}

// binary visits a binary expression that is no condition, and reports whether it did.
func (m *mutator) binary(b *ast.BinaryExpr) bool {
	if m.info.Types[b].Value != nil {
		return true
	}
	switch b.Op {
	case token.LAND, token.LOR, token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		m.condition(b, true, true)
		return true
	}
	names := map[token.Token]string{token.ADD: "Add", token.SUB: "Sub", token.MUL: "Mul",
		token.QUO: "Div", token.REM: "Rem"}
	swapped := map[token.Token]string{token.ADD: "-", token.SUB: "+", token.MUL: "/",
		token.QUO: "*", token.REM: "*"}
	t, ok := m.info.Types[b].Type.Underlying().(*types.Basic)
	if name := names[b.Op]; name != "" && ok && t.Info()&types.IsNumeric != 0 && m.basic(b.X) &&
		m.basic(b.Y) {
		m.call(b, name, swapped[b.Op])
	}
	m.inner(b.X)
	m.inner(b.Y)
	return true
}
