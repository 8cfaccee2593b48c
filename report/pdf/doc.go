// Package pdf draws the report as a PDF: the edition that is attached, printed and forwarded.
//
// [Render] is the whole of it. The first page answers in ten seconds what happened (dates, headline, six figures, the
// main chart, what stands out); the pages after it hold the other charts and the tables; the last ends with the words
// explained and where the numbers come from. What is said is the summary's business, what is drawn the charts'; here
// is only how it is set on paper.
//
// # How a page comes about
//
// The report is a list of blocks that know their least height, how far they may stretch, and how to draw themselves
// ([document.overview], [document.details]). [paginate] deals them out to pages: a block is never broken, and what is
// left of a page goes to the charts on it. Only then is anything drawn, so that every foot knows the number of pages
// and every tile where its detail is.
//
// All lengths are in points, y grows downwards, text stands on its baseline. All text is cleaned where it is measured
// or written (package fonts), so that a stranger's name can neither break the file nor leave its place.
//
// # Charts
//
// A chart draws itself through [vectors], go-chart's Renderer over gofpdf: lines stay lines and text stays text that
// can be selected and searched. All are drawn at one scale, so that their type is of one size; the smallest prints at
// 8.5 points.
//
// # The file
//
// The same report gives the same bytes: no clock is read, and what gofpdf keeps in maps is sorted. gofpdf cannot state
// a document's language; [declare] adds it to the catalogue.
package pdf
