package pdf

// block is a part of the report that is not broken between pages.
type block struct {
	marks   []mark
	height  float64 // the least
	stretch float64 // how much higher it may be drawn
	gap     float64 // above it, unless it is a page's first
	page    int     // the first page it may be on, from 0
	small   bool    // small print, which has no page to itself
	draw    func(y, height float64)

	// again is drawn above the first block of a page: the head of a table that continues.
	again part
}

// mark is a place to which a link or the viewer's outline leads.
type mark struct {
	name  string // for links; may be empty
	title string // in the outline
}

// placed is a block with its place on a page.
type placed struct {
	block
	y, drawn float64 // its upper edge, its height
}

// paginate puts blocks on pages, in order. It gives the rest of each page to the blocks that can be
// higher. On the last of several pages it gives them only a part of it.
func paginate(blocks []block) [][]placed {
	dealt := deal(blocks)
	pages := make([][]placed, len(dealt))
	for i, page := range dealt {
		y := top
		for n, b := range page {
			if n > 0 {
				y += b.gap
			} else {
				y += b.again.height
			}
			pages[i] = append(pages[i], placed{b, y, b.height})
			y += b.height
		}
		if i > 0 && i == len(dealt)-1 {
			stretch(pages[i], min(bottom-y, usual))
		} else {
			stretch(pages[i], bottom-y)
		}
	}
	return pages
}

// deal fills one page after the other. A last page of small print alone also gets the block before
// it, if the page that it leaves stays mostly full.
func deal(blocks []block) [][]block {
	pages := [][]block{nil}
	y := top
	for _, b := range blocks {
		last := len(pages) - 1
		if len(pages[last]) > 0 && (y+b.gap+b.height > bottom || b.page > last) {
			pages, y = append(pages, nil), top
			last++
		}
		if len(pages[last]) > 0 {
			y += b.gap
		} else {
			y += b.again.height
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
		end := top + before[n].height + pages[last][0].gap + pages[last][0].height
		if left > mostly*(bottom-top) && end <= bottom {
			pages[last-1], pages[last] = before[:n:n], append([]block{before[n]}, pages[last]...)
		}
	}
	return pages
}

// mostly is the part of a page that must be used so that it looks full.
const mostly = 0.7

// usual is the most room of a last page that goes to its charts.
const usual = 80

// stretch gives the rest of a page to its blocks, in proportion to what each can take.
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
