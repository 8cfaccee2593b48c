// Package pdf renders the report as a PDF document, which is attached, printed and forwarded.
//
// [Render] returns the document about a bot. Its first page says what happened. It has the status,
// the verdict in the largest letters, the facts, the figures, the chart of the verdict, and twelve
// weeks of the same measure. The second page has the other charts and the targets. The third has
// the days, the lists, the glossary and where the numbers come from. If they take more pages, the
// tables begin on the second page and have fewer rows. A report of few chats is one page, with as
// much as fits on it.
//
// [Portfolio] returns the document about all bots of a tenant: the verdict, the bots by group, and
// a table with the numbers of each bot. It can have any number of bots.
//
// The words come from packages summary and portfolio, and the charts from package charts. This
// package lays them out.
//
// # Pages
//
// The report is a list of blocks. Each has a least height, how much higher it may become, and a
// function that draws it. [paginate] puts the blocks on pages: it never breaks a block, and gives
// the rest of a page to its charts. Only then are the pages drawn, since every foot has the number
// of pages and every tile links to its details. A table that needs half the width is a [part], and
// parts are in two columns.
//
// Lengths are in points, y grows downward, and a text's y is its baseline. Package fonts cleans
// every text that is measured or written, so that no name can break the file.
//
// In a portfolio, each row of a list or table is a block. A table that continues on another page
// has its head there again.
//
// # Charts
//
// A chart is drawn onto [vectors], a renderer over gofpdf. Lines stay lines, and text can be
// selected and searched. All charts have one scale and so one font size, at least 8.5 points.
//
// # Screen readers
//
// Package tagged makes the text of the pages elements that screen readers read: headings,
// paragraphs, lists, tables, links and figures. Text belongs to the element in which a function
// draws it. Lines, backgrounds and frames are skipped. A chart is a figure, and its finding and
// numbers are read instead. A sign is read as a word, unless the text next to it has the same
// meaning. Blocks are drawn in reading order.
//
// # The file
//
// The file conforms to PDF/UA-1 and PDF/A-3a, and the caller's data files are embedded in it. The
// same report gives the same bytes: nothing reads the clock, and what gofpdf keeps in maps is
// sorted.
package pdf
