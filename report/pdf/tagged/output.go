package tagged

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Bytes ends the document and returns the file. The same document gives the same bytes. Bytes fails
// if gofpdf fails, and if gofpdf's output differs in form from that of version 1.16.2. It also
// fails if a link leads to a place that is not set, see [Document.Reach].
func (d *Document) Bytes() ([]byte, error) {
	for _, a := range d.annotations {
		if a.place != nil && a.place.page == 0 {
			return nil, fmt.Errorf("tagged: the link %q leads nowhere", a.description)
		}
	}
	d.close()
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		return nil, err
	}
	f, err := parse(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("tagged: the output of gofpdf: %w", err)
	}
	if len(f.pages) != len(d.pages) {
		return nil, fmt.Errorf(
			"tagged: gofpdf has %d pages, of which %d were added by the Document", len(f.pages),
			len(d.pages))
	}
	p := &pass{d, f, newWriter(len(f.objects)), d.pdf.GetConversionRatio()}
	defer p.give()
	if err := p.fonts(); err != nil {
		return nil, fmt.Errorf("tagged: %w", err)
	}
	return p.run(), nil
}

// pass writes the new file: gofpdf's objects, and those that Document adds.
type pass struct {
	doc  *Document
	file *file
	*writer
	scale float64 // points per unit of the document
}

func (p *pass) run() []byte {
	for _, a := range p.doc.annotations {
		a.number = p.reserve()
	}
	p.writePages()
	var entries strings.Builder // of the catalog
	fmt.Fprintf(&entries, "<</Type/Catalog/Pages %d 0 R%s/MarkInfo<</Marked true>>"+
		"/ViewerPreferences<</DisplayDocTitle true>>", pagesNumber,
		text([]byte("/Lang"), p.doc.about.Lang))
	fmt.Fprintf(&entries, "/StructTreeRoot %d 0 R", p.structure())
	fmt.Fprintf(&entries, "/Metadata %d 0 R", p.plain("/Type/Metadata/Subtype/XML",
		p.doc.about.metadata()))
	fmt.Fprintf(&entries, "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"+
		"/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %d 0 R>>]", p.profile())
	entries.WriteString(p.outline())
	entries.WriteString(p.embed())
	entries.WriteString(">>")

	for n, o := range p.file.objects {
		switch {
		case n == p.file.root:
			o.dict = []byte(entries.String())
		case n == p.file.info:
			o.dict = p.doc.about.information()
		}
		switch {
		case o.stream == nil:
			if o.dict != nil {
				p.object(n, o.dict)
			}
		case string(o.dict) == plainStream(o.stream):
			p.compress(n, "", o.stream)
		default:
			p.stream(n, o.dict, o.stream)
		}
	}
	return p.finish(p.file.root, p.file.info)
}

// plainStream returns the dictionary that gofpdf gives a page's content without compression.
func plainStream(content []byte) string { return fmt.Sprintf("<</Length %d>>", len(content)) }

// writePages adds to each page its annotations, and its key in the parent tree.
func (p *pass) writePages() {
	annotations := make([]bytes.Buffer, len(p.file.pages))
	for i, a := range p.doc.annotations {
		at := p.file.pages[a.page-1]
		fmt.Fprintf(&annotations[a.page-1], "%d 0 R ", a.number)
		b := []byte("<</Type/Annot/Subtype/Link/Border[0 0 0]/F 4/Rect")
		b = a.area.append(b, p.doc.pages[a.page-1].height, p.scale)
		b = fmt.Appendf(b, "/P %d 0 R/StructParent %d", at, len(p.doc.pages)+i)
		b = text(append(b, "/Contents"...), a.description)
		if a.place != nil {
			b = append(p.destination(b, *a.place), ">>"...)
		} else {
			b = append(text(append(b, "/A<</S/URI/URI"...), a.url), ">>>>"...)
		}
		p.object(a.number, b)
	}
	for i, n := range p.file.pages {
		entries := fmt.Sprintf("/StructParents %d/Tabs/S", i)
		if annotations[i].Len() > 0 {
			entries += fmt.Sprintf("/Annots[%s]", &annotations[i])
		}
		dict := p.file.objects[n].dict
		p.file.objects[n].dict = append(slices.Clone(dict[:len(dict)-2]), entries+">>"...)
	}
}

// destination appends an entry that leads to a place.
func (p *pass) destination(b []byte, place Place) []byte {
	page := place.page - 1
	return fmt.Appendf(b, "/Dest[%d 0 R/XYZ 0 %.2f null]", p.file.pages[page],
		p.doc.pages[page].height-place.y*p.scale)
}

// structure writes the tree of elements and the parent tree. The parent tree maps the marked
// content of each page, and each link, to its element. structure returns the object number of the
// root.
func (p *pass) structure() int {
	tree, parents := p.reserve(), p.reserve()
	first := len(p.entries)
	for range p.doc.root.enumerate(first) - first {
		p.reserve()
	}
	next := len(p.doc.pages) + len(p.doc.annotations)
	p.object(tree, fmt.Appendf(nil,
		"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>", first, parents,
		next))
	nums := []byte("<</Nums[")
	for i, page := range p.doc.pages {
		nums = fmt.Appendf(nums, "%d[", i)
		for _, owner := range page.owners {
			nums = append(reference(nums, owner.number), ' ')
		}
		nums = append(nums, ']')
	}
	for i, a := range p.doc.annotations {
		nums = fmt.Appendf(nums, "%d ", len(p.doc.pages)+i)
		nums = append(reference(nums, a.link.number), ' ')
	}
	p.object(parents, append(nums, "]>>"...))

	var b []byte
	var write func(e *Element, parent int)
	write = func(e *Element, parent int) {
		b = e.append(b[:0], parent, p.file.pages, p.scale)
		p.object(e.number, b)
		for _, k := range e.kids {
			if k.element != nil && k.element.number > 0 {
				write(k.element, e.number)
			}
		}
	}
	write(p.doc.root, tree)
	return tree
}

// plain writes a stream without compression.
func (p *pass) plain(entries string, data []byte) int {
	n := p.reserve()
	p.stream(n, fmt.Appendf(nil, "<<%s/Length %d>>", entries, len(data)), data)
	return n
}

func (p *pass) profile() int {
	n := p.reserve()
	p.compress(n, "/N 3", profile())
	return n
}

// outline writes the bookmarks. It returns entries of the catalog.
func (p *pass) outline() string {
	count := len(p.doc.bookmarks)
	if count == 0 {
		return ""
	}
	root, first := p.reserve(), len(p.entries)
	for range p.doc.bookmarks {
		p.reserve()
	}
	p.object(root, fmt.Appendf(nil, "<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", first,
		first+count-1, count))
	for i, mark := range p.doc.bookmarks {
		b := text([]byte("<</Title"), mark.title)
		b = reference(append(b, "/Parent "...), root)
		if i > 0 {
			b = reference(append(b, "/Prev "...), first+i-1)
		}
		if i < count-1 {
			b = reference(append(b, "/Next "...), first+i+1)
		}
		p.object(first+i, append(p.destination(b, mark.Place), ">>"...))
	}
	return fmt.Sprintf("/Outlines %d 0 R/PageMode/UseOutlines", root)
}

// embed writes the files. It compresses them at the fastest level, since they are the largest part
// of the work. It returns entries of the catalog.
func (p *pass) embed() string {
	if len(p.doc.files) == 0 {
		return ""
	}
	var names, all strings.Builder
	sorted := slices.SortedFunc(slices.Values(p.doc.files),
		func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	for _, f := range sorted {
		data, spec := p.reserve(), p.reserve()
		packed := deflate(p.fast, f.Data)
		p.stream(data, fmt.Appendf(nil,
			"<</Type/EmbeddedFile/Subtype/%s/Params<</Size %d/ModDate(%s)"+
				">>/Filter/FlateDecode/Length %d>>", strings.ReplaceAll(f.Type, "/", "#2F"),
			len(f.Data), date(p.doc.about.Time), len(packed)), packed)
		b := []byte("<</Type/Filespec/AFRelationship/Data")
		b = text(append(b, "/F"...), f.Name)
		b = text(append(b, "/UF"...), f.Name)
		b = text(append(b, "/Desc"...), f.Description)
		p.object(spec, fmt.Appendf(b, "/EF<</F %d 0 R/UF %d 0 R>>>>", data, data))
		fmt.Fprintf(&names, "%s %d 0 R ", text(nil, f.Name), spec)
		fmt.Fprintf(&all, "%d 0 R ", spec)
	}
	return fmt.Sprintf("/Names<</EmbeddedFiles<</Names[%s]>>>>/AF[%s]", &names, &all)
}
