// Package fonts has the typeface of the report, Inter in two weights, and makes texts drawable with
// it. [Clean] removes what the fonts cannot draw, [Fit] cuts to a measured width, and [Visual]
// orders a line as it is drawn.
//
// The charts draw the outlines ([RegularFont], [SemiBoldFont]). The PDF embeds the files
// ([Regular], [SemiBold]). A cleaned text looks the same in both.
//
// # Where the files come from
//
// Inter is Copyright 2020 The Inter Project Authors (https://github.com/rsms/inter) under the SIL
// Open Font License 1.1, see OFL.txt. The static TrueType files are from the npm package
// @expo-google-fonts/inter 0.4.2. fonttools 4.68.0 reduced them to Latin, Greek, Cyrillic and the
// signs of a report, and to outlines with horizontal metrics, since neither freetype nor gofpdf
// reads the layout tables:
//
//	for weight in 400Regular:Regular 600SemiBold:SemiBold; do
//	  pyftsubset package/${weight%:*}/Inter_${weight%:*}.ttf \
//	    --unicodes=U+0020-007E,U+00A0-024F,U+02BB-02DD,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+2010-2027,U+202F-205E,U+20A0-20C0,U+2116,U+2122,U+2190-2199,U+2212,U+2248,U+2260,U+2264,U+2265,U+25A0,U+25A1,U+25B2,U+25BC,U+25CF,U+2605,U+2606,U+2713,U+2717 \
//	    --drop-tables+=GSUB,GPOS,GDEF,STAT,gasp --no-hinting --notdef-outline \
//	    --output-file=Inter-${weight#*:}.ttf
//	done
//
// Inter has neither Hebrew nor Arabic. These are from Noto Sans (Copyright 2015-2020 Google LLC and
// 2019 Google Inc., the same license), in its weights 400 and 700, from Debian's fonts-noto-core
// 20201225: the letters, digits and signs of Hebrew, Arabic, Persian and Urdu, and the forms of
// Arabic letters that Unicode has (U+FB50-FBFF, U+FE80-FEFC), by which [Visual] joins them. They
// were reduced as Inter was, scaled to its 2,048 units with fontTools.ttLib.scaleUpem, and merged
// into its files with fontTools.merge, with Inter's line height. Chinese, Japanese, Korean, Thai,
// the scripts of India and emoji are missing. They would need more than 150 kB or a shaping engine.
//
// Combining marks are left out: without layout tables they would be drawn over the next letter.
// Letters with an accent of their own (é, å, ế) are there.
package fonts
