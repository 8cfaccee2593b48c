package figures

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// PageQueriesKeep is the value of [Report.PageQueries] for a bot whose pages keep their queries.
const PageQueriesKeep = "keep"

// What an address may have beside the name of a page. Delimiters may be percent-encoded, even
// twice. An encoded question mark may also belong to a title, so it counts only before a name and a
// value.
var (
	parameters = regexp.MustCompile(
		`(?is)(?:&[^/]*?|%(?:25)*(?:3f|26|23).*?)(?:=|%(?:25)*3d).*`)
	// matrix is parameters of a segment: ;jsessionid=1A2B
	matrix = regexp.MustCompile(`(?i)(?:;|%(?:25)*3b)[^/]*?(?:=|%(?:25)*3d)[^/]*`)
	// pair is a parameter in a route: access_token=1A2B
	pair = regexp.MustCompile(`(?is)[^/]*(?:=|%(?:25)*3d).*`)
	// userinfo is name:password@
	userinfo = regexp.MustCompile(`(^|//)[^/]+@`)
	// mailbox is a segment with a mail address.
	mailbox = regexp.MustCompile(`(?i)[^/]+(?:@|%(?:25)*40)[^/]*\.\p{L}{2,}[^/]*`)
)

// WithoutQuery returns a page's host, path or whole address without what may identify a visitor:
// the query; the fragment, unless it is a route such as #/cart or #!/cart, which loses its own
// query; parameters of path segments such as ;jsessionid=1A2B; and a user name and password before
// the host. A segment with a mail address becomes "…". Percent-encoded delimiters count too.
// Applied twice, it changes nothing more.
func WithoutQuery(address string) string {
	for {
		bare := withoutQuery(address)
		if bare == address {
			return bare
		}
		address = bare // shorter than it was
	}
}

func withoutQuery(address string) string {
	page, fragment, _ := strings.Cut(address, "#")
	page = withoutParameters(page)
	if route := strings.TrimPrefix(fragment, "!"); strings.HasPrefix(route, "/") {
		route, _, _ = strings.Cut(fragment, "#")
		page += "#" + pair.ReplaceAllString(withoutParameters(route), "")
	}
	page = userinfo.ReplaceAllString(page, "$1")
	return mailbox.ReplaceAllString(page, "…")
}

func withoutParameters(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return matrix.ReplaceAllString(parameters.ReplaceAllString(path, ""), "")
}

// cutQuery cuts the query of p, and reports whether there was one. A path of which nothing is left
// becomes "/".
func (p *Page) cutQuery() bool {
	host, path := WithoutQuery(p.Host), WithoutQuery(p.Path)
	if path == "" && p.Path != "" {
		path = "/"
	}
	cut := host != p.Host || path != p.Path
	p.Host, p.Path = host, path
	return cut
}

// add adds another address of the page. A chat may have been on both.
func (p *Page) add(other Page) {
	p.AtMost = p.AtMost || p.Sessions > 0 && other.Sessions > 0
	p.Sessions, p.Messages = plus(p.Sessions, other.Sessions), plus(p.Messages, other.Messages)
}

// cutQueries cuts the queries of a report from before Compute did so, and adds up pages that become
// equal. Their counts of the week before are unknown, since that week may have had more of their
// addresses. So it also removes their movers and insights.
func (r *Report) cutQueries() error {
	if r.PageQueries == PageQueriesKeep {
		return nil
	}
	full := len(r.Pages) >= ListLimit
	pages := present[Page](nil)
	at, changed := make(map[any]int), make(map[string]bool)
	for _, p := range r.Pages {
		cut := p.cutQuery()
		r.Cut = r.Cut || cut
		first, again := at[p.key()]
		if again || cut {
			changed[p.Host+p.Path] = true
			p.Past = Past{}
		}
		if again {
			pages[first].add(p)
			pages[first].Past = Past{}
			continue
		}
		at[p.key()] = len(pages)
		pages = append(pages, p)
	}
	if r.Cut {
		slices.SortStableFunc(pages, func(a, b Page) int {
			return cmp.Compare(b.Sessions, a.Sessions)
		})
		r.Pages = pages
		r.noteFull(SectionPages, full)
	}
	uncertain := func(m Mover) bool {
		cut := WithoutQuery(m.Name) != m.Name
		r.Cut = r.Cut || cut
		return cut || r.Cut && changed[m.Name]
	}
	if r.Movers != nil {
		r.Movers.Pages = slices.DeleteFunc(r.Movers.Pages, uncertain)
	}
	r.Insights = slices.DeleteFunc(r.Insights, func(i Insight) bool {
		return i.Mover != nil && i.Mover.List == ListPages && uncertain(i.Mover.Mover)
	})
	if !r.Cut {
		return nil
	}
	var err error
	r.ID, err = r.identify()
	return err
}
