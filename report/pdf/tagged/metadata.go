package tagged

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// producer is the program that wrote the file.
const producer = "gofpdf 1.16.2"

// information returns the document information dictionary. metadata returns the same values as XMP.
func (a About) information() []byte {
	b := []byte("<<")
	for _, entry := range []struct{ name, value string }{
		{"/Title", a.Title}, {"/Subject", a.Subject}, {"/Author", a.Author},
		{"/Creator", a.Creator}, {"/Producer", producer},
		{"/CreationDate", date(a.Time)}, {"/ModDate", date(a.Time)},
	} {
		if entry.value != "" {
			b = text(append(b, entry.name...), entry.value)
		}
	}
	return append(b, ">>"...)
}

// date returns a time in the format of PDF.
func date(t time.Time) string { return t.UTC().Format("D:20060102150405Z") }

// metadata returns an XMP packet (ISO 16684-1). PDF/A requires a description of each schema that it
// does not define, such as that of PDF/UA. The packet has it.
func (a About) metadata() []byte {
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
`)
	property := func(name, value, before, after string) {
		if value == "" {
			return
		}
		fmt.Fprintf(&b, "<%s>%s", name, before)
		xml.EscapeText(&b, []byte(value)) // a builder does not fail
		fmt.Fprintf(&b, "%s</%s>\n", after, name)
	}
	const (
		anyLanguage = `<rdf:Alt><rdf:li xml:lang="x-default">`
		ordered     = `<rdf:Seq><rdf:li>`
		unordered   = `<rdf:Bag><rdf:li>`
	)
	property("dc:title", a.Title, anyLanguage, "</rdf:li></rdf:Alt>")
	property("dc:description", a.Subject, anyLanguage, "</rdf:li></rdf:Alt>")
	property("dc:creator", a.Author, ordered, "</rdf:li></rdf:Seq>")
	property("dc:language", a.Lang, unordered, "</rdf:li></rdf:Bag>")
	property("xmp:CreatorTool", a.Creator, "", "")
	for _, name := range []string{"xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"} {
		property(name, a.Time.UTC().Format("2006-01-02T15:04:05Z"), "", "")
	}
	property("pdf:Producer", producer, "", "")
	b.WriteString(`<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`)
	return []byte(b.String())
}
