// Package inspect reads what a PDF file of the report says, as a screen reader does.
//
// A tagged PDF has a structure tree: elements such as headings, paragraphs and tables, in reading
// order. An element has text, other elements, or an alternative text that is read instead, as of a
// chart. [Read] reads this tree into a [Document] of [Element] values. It also reads the title, the
// language, the bookmarks, the embedded files, and the texts on the pages that no element has.
//
// [Document.String] prints the document in reading order. Tests compare it with golden files, and
// the command kindly-weekly inspect prints it. So a report can be checked without a screen reader.
// [Element.Find] and [Element.Text] query the tree.
//
// Read also compares the elements with the parent tree, which maps what is on a page back to its
// element. It fails if they differ.
//
// Read supports the files of package tagged: a cross-reference stream, streams compressed by
// deflate, and fonts of two-byte codes. It may fail for files of other programs. It never panics,
// and it limits time and memory, whatever the file.
package inspect
