// Package inspect reads what a PDF of the report says, as programs do that read aloud: not what is
// drawn where, but the elements of its structure tree, their texts, and what stands for figures and
// signs.
//
// [Read] returns the tree, and [Document.String] prints it. Tests compare with it, and the command
// prints it for who wants to check a report without a screen reader.
//
// It reads the files of package tagged: with a cross-reference stream, streams compressed by
// deflate, and fonts of two-byte codes. It takes any bytes without a panic, but no other program's
// PDF has to work.
package inspect
