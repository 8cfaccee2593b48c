package figures

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// PageQueriesKeep is the value of [Report.PageQueries] for a bot whose pages are listed by their whole address.
const PageQueriesKeep = "keep"

// What an address may hold beside the name of a page. A delimiter may be encoded, more than once too; since an encoded
// question mark may also belong to a title, it counts only before a name and a value.
var (
	parameters = regexp.MustCompile(`(?is)(?:&[^/]*?|%(?:25)*(?:3f|26|23).*?)(?:=|%(?:25)*3d).*`)
	matrix     = regexp.MustCompile(`(?i)(?:;|%(?:25)*3b)[^/]*?(?:=|%(?:25)*3d)[^/]*`) // ;jsessionid=1A2B
	pair       = regexp.MustCompile(`(?is)[^/]*(?:=|%(?:25)*3d).*`)                    // in a route: access_token=1A2B
	userinfo   = regexp.MustCompile(`(^|//)[^/]+@`)                                    // name:password@
	mailbox    = regexp.MustCompile(`(?i)[^/]+(?:@|%(?:25)*40)[^/]*\.\p{L}{2,}[^/]*`)  // a segment with a mail address in it
)

// WithoutQuery returns a page's host, path or whole address without what may tell who visited it: the query string, the
// fragment unless it is a route such as #/cart or #!/cart, parameters of path segments such as ;jsessionid=1A2B, and a user
// name and password before the host. A route loses its own query. A segment that holds a mail address becomes "…". Delimiters
// count encoded too. Doing it twice changes nothing.
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

// withoutQuery returns the page by its address without a query. What has nothing left of its path is the first page of
// its host.
func (p Page) withoutQuery() Page {
	bare := p
	bare.Host, bare.Path = WithoutQuery(p.Host), WithoutQuery(p.Path)
	if bare.Path == "" && p.Path != "" {
		bare.Path = "/"
	}
	return bare
}

// sameAddress reports whether two pages have the same address.
func (p Page) sameAddress(other Page) bool { return p.Host == other.Host && p.Path == other.Path }

// add adds the chats on another address of the page. A chat may have been on both.
func (p *Page) add(other Page) {
	p.AtMost = p.AtMost || other.AtMost || p.Sessions > 0 && other.Sessions > 0
	p.Sessions, p.Messages = plus(p.Sessions, other.Sessions), plus(p.Messages, other.Messages)
}

// cutQueries cuts the pages of a report that was written before they were cut, and adds up those that become equal. What
// they had the week before is not known then, since some of their addresses were not listed this week. So whatever was found
// out about such pages is left out.
func (r *Report) cutQueries() error {
	if r.PageQueries == PageQueriesKeep {
		return nil
	}
	full := len(r.Pages) >= ListLimit
	pages := present[Page](nil)
	at, added := make(map[any]int), make(map[string]bool)
	for _, p := range r.Pages {
		bare := p.withoutQuery()
		first, again := at[pageKey(bare)]
		if again || !bare.sameAddress(p) {
			r.Cut = r.Cut || !bare.sameAddress(p)
			added[bare.Host+bare.Path] = true
			bare.Past = Past{}
		}
		if again {
			pages[first].add(bare)
			pages[first].Past = Past{}
			continue
		}
		at[pageKey(bare)] = len(pages)
		pages = append(pages, bare)
	}
	if r.Cut {
		slices.SortStableFunc(pages, func(a, b Page) int { return cmp.Compare(b.Sessions, a.Sessions) })
		r.Pages = pages
		r.noteFull(SectionPages, full)
	}
	unsure := func(m Mover) bool {
		cut := WithoutQuery(m.Name) != m.Name
		r.Cut = r.Cut || cut
		return cut || r.Cut && added[m.Name]
	}
	if r.Movers != nil {
		r.Movers.Pages = slices.DeleteFunc(r.Movers.Pages, unsure)
	}
	r.Insights = slices.DeleteFunc(r.Insights, func(i Insight) bool {
		return i.Mover != nil && i.Mover.List == ListPages && unsure(i.Mover.Mover)
	})
	if !r.Cut {
		return nil
	}
	var err error
	r.ID, err = r.identify()
	return err
}
