// Package fonts has the typeface of the report, Inter in two weights, and prepares texts for
// drawing.
//
// A text goes through these steps:
//
//   - [Clean] makes it fit for one line: white space, Unicode form, invisible characters.
//   - [Fit] cuts it to a measured width, and [Wrap] breaks it into lines. Both work in reading
//     order.
//   - [Runs] puts a line into drawing order and splits it by font. [Width] measures it.
//
// A [Face] is a font. [Regular] and [SemiBold] are the weights of Inter. [Emoji] and [CJK] draw
// what Inter lacks. The charts draw the outlines of a face ([Face.Font]), and the PDF embeds its
// file ([Face.File]). Both measure by Width, so a text looks the same in both. A face is parsed and
// embedded only if a text needs it.
//
// # What is drawn
//
// These are drawn as they are typed:
//
//   - Latin with its accents, also those of Vietnamese, of African languages and of phonetics;
//   - Greek, also ancient, and Cyrillic;
//   - Hebrew and Yiddish; Arabic, Persian and Urdu;
//   - Chinese, Japanese and Korean;
//   - emoji, in black and white;
//   - indices, fractions, numbers in circles, arrows and mathematical signs.
//
// An emoji is a sequence of characters. In a line in drawing order, each emoji is one private-use
// character. [Letters] returns the emoji of such a character.
//
// Some characters are drawn as a variant that the fonts have, by the Unicode form NFKC: ﬁ as fi,
// Ａ as A, and ㎡ as m2. All others are boxes, one for each run: □. Thai, Khmer, Burmese and the
// scripts of India need a shaping engine. Armenian, Georgian, Ethiopic and others need fonts of
// their own. The text itself keeps these characters, so they are read and copied as typed.
// [UndrawnScripts] returns the scripts of a text's boxes.
//
// Combining marks are left out: without layout tables they would be drawn over the next letter. The
// Unicode form NFC makes a letter and its marks one character where possible, as for all letters of
// Vietnamese (ế). So these marks are missing:
//
//   - the points of Hebrew and the vowels of Arabic, which most texts omit;
//   - marks of stress, as in Russian (за́мок);
//   - some accents of a few languages, as in Yoruba (ẹ́ is drawn as ẹ) and Lithuanian (ė̃ as ė).
//
// # Right to left
//
// [Visual] puts a line into drawing order by Unicode's bidirectional algorithm. It has two
// exceptions, which sentences with names need; see there. Tests compare it with FriBidi. Arabic
// letters are joined by the presentation forms of Unicode.
//
// Paragraph of golang.org/x/text/unicode/bidi cannot replace Visual. It returns directions without
// levels, so a number in a Hebrew name would split the name ("a א1ב"). It also takes the direction
// of a line from the first letter alone. A test shows both.
//
// # Where the files come from
//
// Inter is Copyright 2020 The Inter Project Authors (https://github.com/rsms/inter) under the SIL
// Open Font License 1.1, see OFL.txt. The static TrueType files are from the npm package
// @expo-google-fonts/inter 0.4.2. The files have all characters of Inter except these: combining
// marks, private use, wide spaces, and 31 characters above U+FFFF. Wide spaces are drawn as a
// space, and gofpdf cannot write characters above U+FFFF.
//
// Inter lacks Hebrew, Arabic, and some ticks and crosses. These are from Noto Sans in the weights
// 400 and 700 (Copyright 2015-2020 Google LLC and 2017-2019 Google Inc., the same license), from
// Debian's fonts-noto-core 20201225. The files have the letters, digits and signs of Hebrew,
// Yiddish, Arabic, Persian and Urdu. They also have the presentation forms of Arabic letters
// (U+FB50-FBFF, U+FE80-FEFC), by which [Visual] joins them. ✔ ✕ ✖ ✘ ☐ ☑ ☒ are from Noto Sans
// Symbols 2, in one weight.
//
// inter.py makes the files with fonttools 4.68.0. It reduces the fonts to these characters. It
// keeps outlines and horizontal metrics only, since freetype and gofpdf ignore the layout tables.
// It merges the fonts with Inter's 2,048 units per em and line height:
//
//	pip install fonttools==4.68.0
//	npm pack @expo-google-fonts/inter@0.4.2 && tar xzf expo-google-fonts-inter-0.4.2.tgz
//	apt-get download fonts-noto-core=20201225-1 && dpkg -x fonts-noto-core_*.deb noto
//	python inter.py package noto/usr/share/fonts/truetype/noto .
//
// Emoji are Noto Emoji in the weight 500 (Copyright 2013-2026 Google LLC, the same license).
// emoji.py gives each emoji of the list of Emoji 18.0 a private-use code for each way to type it,
// with and without selectors:
//
//	pip install fonttools==4.68.0 uharfbuzz==0.57.0
//	npm pack @expo-google-fonts/noto-emoji@0.4.7 && tar xzf expo-google-fonts-noto-emoji-0.4.7.tgz
//	npm pack emoji-test-regex-pattern@2.6.0
//	tar xzf emoji-test-regex-pattern-2.6.0.tgz --one-top-level=list
//	python emoji.py package/500Medium/NotoEmoji_500Medium.ttf \
//	  list/package/dist/emoji-18.0/index-strings.txt .
//
// Chinese, Japanese and Korean are Droid Sans Fallback (digitized data copyright Google Corporation
// 2006, under the Apache License 2.0, see LICENSE-2.0.txt), from Debian. The file has the Han
// characters of Unicode 3.0, kana, bopomofo, Hangul, and their punctuation.
//
//	apt-get download fonts-droid-fallback=1:6.0.1r16-1.1 && dpkg -x fonts-droid-fallback_*.deb droid
//	pyftsubset droid/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf \
//	  --unicodes=U+3001-303F,U+3041-309F,U+30A0-30FF,U+3105-312F,U+3131-318E,U+31F0-31FF \
//	  --unicodes=U+3400-9FFF,U+AC00-D7A3,U+FF01-FF0F,U+FF1A-FF20,U+FF3B-FF40,U+FF5B-FF9F \
//	  --unicodes=U+FFE0-FFE6 --no-hinting --notdef-outline \
//	  --drop-tables+=GSUB,GPOS,GDEF,BASE,STAT,gasp,vhea,vmtx,DSIG,kern \
//	  --output-file=DroidSansFallback.ttf
//
// Last, metrics.py gives each glyph of the four files an advance of its own. For a glyph without
// one gofpdf would write into the file, which all documents share:
//
//	python metrics.py *.ttf
package fonts
