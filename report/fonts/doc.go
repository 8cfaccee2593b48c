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
// @expo-google-fonts/inter 0.4.2. All its characters up to U+FFFF are in, except combining marks,
// private use, and wide spaces, which are drawn as a space.
//
// Inter has neither Hebrew nor Arabic, and only some ticks and crosses. These are from Noto Sans
// (Copyright 2015-2020 Google LLC and 2017-2019 Google Inc., the same license), in its weights 400
// and 700, from Debian's fonts-noto-core 20201225: the letters, digits and signs of Hebrew,
// Yiddish, Arabic, Persian and Urdu, and the forms of Arabic letters that Unicode has (U+FB50-FBFF,
// U+FE80-FEFC), by which [Visual] joins them. ✔ ✕ ✖ ✘ ☐ ☑ ☒ are from Noto Sans Symbols 2, in one
// weight.
//
// inter.py makes the files with fonttools 4.68.0. It reduces the fonts to these characters and to
// outlines with horizontal metrics, since neither freetype nor gofpdf reads the layout tables, and
// merges them in Inter's 2,048 units and line height:
//
//	pip install fonttools==4.68.0
//	npm pack @expo-google-fonts/inter@0.4.2 && tar xzf expo-google-fonts-inter-0.4.2.tgz
//	apt-get download fonts-noto-core=20201225-1 && dpkg -x fonts-noto-core_*.deb noto
//	python inter.py package noto/usr/share/fonts/truetype/noto .
//
// Chinese, Japanese, Korean, Thai, the scripts of India and emoji are missing.
//
// Combining marks are left out: without layout tables they would be drawn over the next letter.
// Letters with an accent of their own (é, å, ế) are there.
package fonts
