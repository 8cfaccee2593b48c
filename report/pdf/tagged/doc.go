// Package tagged adds to the PDF files of gofpdf what screen readers and archives need. The files
// conform to PDF/UA-1 (ISO 14289-1), the standard for accessible documents, and to PDF/A-3a
// (ISO 19005-3), the standard for archives. Public buyers ask for the first.
//
// # Drawing
//
// A [Document] draws on gofpdf and keeps a tree of elements, such as headings, paragraphs and
// tables. An [Element] has a [Role], its content and other elements. Screen readers read the tree
// in order. What is drawn belongs to the element that [Document.In] or [Document.Tag] has entered:
//
//	doc.Tag(tagged.P, func() {
//		doc.Line(y, "", "", tagged.Part{inter, 10, x, "8,031 chats, "})
//		doc.Line(y+14, "", "", tagged.Part{inter, 10, x, "18% more than usual"})
//	})
//
// On the page, the two lines are marked content: a sequence of operators with a number, by which
// the element refers to it. A sequence ends when something is drawn in another element. So elements
// can be entered in any order, and again.
//
// Lines, backgrounds and frames are artifacts, which screen readers skip. A [Figure] is one
// sequence with everything that is drawn in it. Its Alt is read instead.
//
// Some lines are drawn in another order than they are read, such as Hebrew. These become a [Span]
// with the text in reading order.
//
// # The file
//
// gofpdf writes neither elements nor metadata. Its links, bookmarks, dates and embedded files break
// the standards, and its fonts take more time than all else. So Document makes these itself.
// [Document.Bytes] splits the output of gofpdf into its objects and writes them into a new file. It
// adds:
//
//   - the tree of elements;
//   - links with descriptions, and bookmarks;
//   - metadata (XMP) and an identifier made from the content;
//   - the color profile;
//   - the fonts, with a character map, so that text can be copied and searched;
//   - the embedded files.
//
// Objects are in a compressed stream, since a tree has about a thousand of them.
//
// Bytes expects the output of gofpdf 1.16.2. It returns an error if the output has another form, or
// has something that the new file would lose.
//
// The tests validate files with veraPDF, and read the tree with package inspect.
package tagged
