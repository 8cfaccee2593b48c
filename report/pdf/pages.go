package pdf

// block is a part of the report that is never broken.
type block struct {
	marks   []mark
	height  float64 // the least
	stretch float64 // how much higher it may be drawn
	gap     float64 // above it, unless it is a page's first
	newPage bool    // begins a page
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
	var pages [][]placed
	var page []placed
	y := top
	turn := func(last bool) {
		if last {
			stretch(page, min(bottom-y, usual))
		} else {
			stretch(page, bottom-y)
		}
		pages = append(pages, page)
		page, y = nil, top
	}
	for _, b := range blocks {
		if len(page) > 0 && (y+b.gap+b.height > bottom || b.newPage && len(pages) == 0) {
			turn(false)
		}
		if len(page) > 0 {
			y += b.gap
		}
		page = append(page, placed{b, y, b.height})
		y += b.height
	}
	turn(true)
	return pages
}

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
