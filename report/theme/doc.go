// Package theme has the design that all editions share: a scale of font sizes, an accent, a warning
// color and grays, for light and dark pages. The charts, the PDF, the mail and the pages of the
// local command take them from here.
//
// # Colors
//
// [Light] and [Dark] return a [Theme] in the report's own accent or in a brand's. A theme has a
// color for each task, not for each hue: an edition asks for the text of a warning, not for brown.
// The tests check these rules for brands of all colors:
//
//   - Every text has a contrast of at least 4.5 to 1 on each of its grounds (WCAG 2, AA).
//   - Marks that are side by side differ for people who see no red, no green or no blue, and
//     in gray print.
//   - Nothing depends on color alone. Last week's marks have an edge, requests while closed are
//     hatched, a change has its sign, good news a tick and bad news a triangle.
//
// # Brands
//
// A brand's accent may be any color. If it is too light on paper, or as text, the nearest shade of
// the same hue that is not takes its place ([Color.On]): yellow is yellow on the dark page and dark
// gold on white. An accent is never refused, since no report should be lost for its color.
// Light(accent).Accent is the shade that is drawn, which a check of a configuration can tell. If
// the accent looks like the warning color, which is amber, the warning color is another one.
//
// A brand's logo is a PNG that a user supplies. [ReadLogo] checks its size, decodes it and makes it
// safe.
package theme
