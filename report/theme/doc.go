// Package theme is what all editions look like: one typeface's scale, one measure of space, one accent, one warning
// color, and grays, in the light and in the dark. The charts, the PDF, the mail and the pages of the local command take
// all of it from here, so that they cannot drift apart; what each does with it is its own business.
//
// # Colors
//
// [Light] and [Dark] return a [Theme], of the report's own accent or of a brand's. A theme has a color for each task and
// not for each hue, so that an edition asks for the text of a warning and not for brown. It keeps to this, which the tests
// hold for brands all over the color space:
//
//   - every text has a contrast of at least 4.5 to 1 on every ground that it may stand on (WCAG 2, AA), see [Theme.Pairs];
//   - marks that stand side by side are told apart by people who see no red, no green or no blue ([ColorVision]), and in gray
//     print, where lightness is all there is;
//   - nothing is told by color alone all the same: last week's marks have an edge, what came while closed is hatched, a
//     change has its sign, good news a tick and bad news a triangle.
//
// # Brands
//
// A brand's accent is whatever its owner likes. Where it is too light to be seen on paper, or to be read as text, the
// nearest shade of the same hue is taken that is not ([Color.On]); yellow stays yellow on the dark page and is a dark gold
// on white. It is not refused: a configuration with a mistake falls back to its last good version, or to none, and no
// report is worth losing for its color. Whoever checks a configuration is told which shade is drawn ([Light]'s Accent).
// Where the accent comes too near to the warning color, which is amber, that gives way: a brand is asked for by name, and
// a warning only has to be another color.
//
// A brand's logo is a PNG from outside: [ReadLogo] bounds, decodes and makes it harmless.
package theme
