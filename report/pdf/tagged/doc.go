// Package tagged makes the documents of gofpdf readable for everybody, and fit for an archive. They
// conform to PDF/UA-1 (ISO 14289-1), which public buyers ask for, and to PDF/A-3a (ISO 19005-3).
//
// # Drawing
//
// A [Document] draws on gofpdf and keeps a tree of elements: what the pages say, in the order in
// which it is read aloud. What is drawn belongs to the element that [Document.In] or [Document.Tag]
// has entered:
//
//	doc.Tag(tagged.P, func() {
//		doc.Text(x, y, "8,031 chats, ", "")
//		doc.Text(x, y+leading, "18% more than usual", "")
//	})
//
// On the page this is marked content with a number that the element knows. It is begun when
// something is drawn and ended when something else is, so elements can be entered in any order and
// again. Lines, grounds and frames are ornaments, which are not read: artifacts. A [Figure] is one
// piece of marked content with all that is drawn in it, and its Alt is read instead.
//
// A line that is drawn in another order than it is read, such as in Hebrew, becomes a Span with its
// text.
//
// # The file
//
// gofpdf knows nothing of this, and writes links, bookmarks, dates and embedded files in ways that
// break the standards. So Document makes these itself. [Document.Bytes] cuts the output of gofpdf
// into its objects, and writes them into a new file with what is missing: the tree, links with
// descriptions, metadata (XMP), the profile of the colors, a character map that copies right, the
// files inside, and an identifier made from the content. Objects are in a compressed stream, since
// a tree has a thousand of them.
//
// gofpdf's output is expected in the form that version 1.16.2 gives it. Another form is an error,
// and so is what would be lost: no file is better than a broken one.
//
// veraPDF judges the standards in the tests. Package inspect reads the tree.
package tagged
