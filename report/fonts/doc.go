// Package fonts has the typeface of the report, Inter in two weights, and makes texts drawable with
// it. [Clean] removes what the fonts cannot draw, [Fit] cuts to a measured width, and [Visual]
// orders a line as it is drawn.
//
// A [Face] is a font. [Runs] splits a line by the faces that draw it: the weights of Inter
// ([Regular], [SemiBold]), and for what Inter lacks [Emoji] and [CJK]. The charts draw the outlines
// ([Face.Font]). The PDF embeds the files ([Face.File]). Both draw runs and measure by [Width], so a
// text looks the same in both. A face is parsed and embedded only if a text needs it.
//
// Emoji are sequences of characters. In a line that is drawn each is one character for private use,
// and [Letters] says which.
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
// Emoji are Noto Emoji in the weight 500 (Copyright 2013-2026 Google LLC, the same license). emoji.py
// gives each of the list of Emoji 18.0 a code of its own, with and without the selectors with which
// it may be typed:
//
//	pip install fonttools==4.68.0 uharfbuzz==0.57.0
//	npm pack @expo-google-fonts/noto-emoji@0.4.7 && tar xzf expo-google-fonts-noto-emoji-0.4.7.tgz
//	npm pack emoji-test-regex-pattern@2.6.0
//	tar xzf emoji-test-regex-pattern-2.6.0.tgz --one-top-level=list
//	python emoji.py package/500Medium/NotoEmoji_500Medium.ttf \
//	  list/package/dist/emoji-18.0/index-strings.txt .
//
// Chinese, Japanese and Korean are Droid Sans Fallback (digitized data copyright Google Corporation
// 2006, under the Apache License 2.0, see LICENSE-2.0.txt), from Debian: the Han characters of
// Unicode 3.0, kana, bopomofo and Hangul, and the punctuation between them.
//
//	apt-get download fonts-droid-fallback=1:6.0.1r16-1.1 && dpkg -x fonts-droid-fallback_*.deb droid
//	pyftsubset droid/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf \
//	  --unicodes=U+3001-303F,U+3041-309F,U+30A0-30FF,U+3105-312F,U+3131-318E,U+31F0-31FF,U+3400-9FFF,U+AC00-D7A3,U+FF01-FF0F,U+FF1A-FF20,U+FF3B-FF40,U+FF5B-FF9F,U+FFE0-FFE6 \
//	  --drop-tables+=GSUB,GPOS,GDEF,BASE,STAT,gasp,vhea,vmtx,DSIG,kern --no-hinting --notdef-outline \
//	  --output-file=DroidSansFallback.ttf
//
// Thai and the scripts of India are missing, since they would need a shaping engine.
//
// Combining marks are left out: without layout tables they would be drawn over the next letter.
// Letters with an accent of their own (é, å, ế) are there.
package fonts
