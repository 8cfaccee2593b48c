package pdf

// block is a part of the report that is never broken.
type block struct {
	marks   []mark
	height  float64 // the least
	stretch float64 // how much higher it may be drawn
	gap     float64 // above it, unless it is a page's first
	newPage bool    // begins a page
	small   bool    // is small print, which has no page to itself
	notes   []note  // what it consists of, if it is notes only
	draw    func(y, height float64)
}

// mark is a place that a link or the viewer's outline leads to.
type mark struct {
	name  string // for links; may be empty
	title string // in the outline
}

// placed is a block with its place on a page.
type placed struct {
	block
	y, drawn float64 // its upper edge, its height
}

// paginate deals blocks out to pages, in order. What remains of a page that another follows goes to the blocks that
// can use it. A block that is to begin a page does so only where the one before it ends on the first page: the
// overview may have needed more than that.
func paginate(blocks []block) [][]placed {
	dealt := deal(blocks)
	pages := make([][]placed, len(dealt))
	for i, page := range dealt {
		y := top
		for n, b := range page {
			if n > 0 {
				y += b.gap
			}
			pages[i] = append(pages[i], placed{b, y, b.height})
			y += b.height
		}
		if i == len(dealt)-1 {
			stretch(pages[i], min(bottom-y, usual))
		} else {
			stretch(pages[i], bottom-y)
		}
	}
	return pages
}

// deal fills one page after the other. One that would have nothing but small print gets the block before it as well, if that
// leaves the page in front mostly full: a hole there is seen sooner than a page of small print at the end.
func deal(blocks []block) [][]block {
	pages := [][]block{nil}
	y := top
	for _, b := range blocks {
		last := len(pages) - 1
		if len(pages[last]) > 0 && (y+b.gap+b.height > bottom || b.newPage && last == 0) {
			pages, y = append(pages, nil), top
			last++
		}
		if len(pages[last]) > 0 {
			y += b.gap
		}
		pages[last] = append(pages[last], b)
		y += b.height
	}
	last := len(pages) - 1
	if last > 1 && len(pages[last]) == 1 && pages[last][0].small {
		before := pages[last-1]
		n := len(before) - 1
		left := 0.0
		for _, b := range before[:n] {
			left += b.height + b.gap
		}
		if left > mostly*(bottom-top) && top+before[n].height+pages[last][0].gap+pages[last][0].height <= bottom {
			pages[last-1], pages[last] = before[:n:n], append([]block{before[n]}, pages[last]...)
		}
	}
	return pages
}

// mostly is how much of a page must be left so that it looks full.
const mostly = 0.7

// usual is how much of a half empty last page is given to its charts.
const usual = 80

// stretch hands out what is left of a page, to each block in proportion to what it can take.
func stretch(page []placed, rest float64) {
	sum := 0.0
	for _, b := range page {
		sum += b.stretch
	}
	if sum == 0 {
		return
	}
	share, moved := min(1, rest/sum), 0.0
	for i := range page {
		page[i].y += moved
		page[i].drawn += page[i].stretch * share
		moved += page[i].stretch * share
	}
}
