"""Makes NotoEmoji.ttf and emoji.txt: see doc.go.

Usage: emoji.py NotoEmoji_500Medium.ttf index-strings.txt FOLDER

Each line of emoji.txt is an emoji as it may be typed, in the order of its bytes. The font has it at
the code of private use U+E000 plus the number of the line, counted from 0. So an emoji of several
characters, such as a family or a flag, is one character for programs that do not shape text.
"""

import pathlib
import sys

import uharfbuzz
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

FIRST = 0xE000  # the first code
LAST = 0xF8FF  # the last of the block for private use
SELECTOR = "\ufe0f"  # asks for an emoji, and has no glyph

source, listed, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])

# Parts of emoji, which are drawn if what they are a part of is unknown: regional indicators, tones
# of skin and hair.
parts = [*range(0x1F1E6, 0x1F200), *range(0x1F3FB, 0x1F400), *range(0x1F9B0, 0x1F9B4)]
typed = pathlib.Path(listed).read_text(encoding="utf-8").split("\n")
typed = sorted({t for t in typed if t} | {chr(p) for p in parts}, key=str.encode)
if FIRST + len(typed) - 1 > LAST:
    sys.exit(f"{len(typed)} emoji are more than there are codes")

font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(source)))
file = TTFont(source, recalcTimestamp=False)
names = file.getGlyphOrder()


def glyph(text):
    """Returns the glyph of an emoji."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text.replace(SELECTOR, ""))
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, {})
    # What is left of a joiner or a selector has no width.
    found = [
        names[info.codepoint]
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions)
        if position.x_advance
    ]
    if len(found) != 1 or found[0] == ".notdef":
        sys.exit(f"{text!r} has the glyphs {found}")
    return found[0]


codes = {FIRST + n: glyph(text) for n, text in enumerate(typed)}
table = CmapSubtable.newSubtable(4)
table.platformID, table.platEncID, table.language, table.cmap = 3, 1, 0, codes
file["cmap"].tables = [table]

options = subset.Options()
options.hinting = False
options.notdef_outline = True
options.name_IDs = [0, 1, 2, 13, 14]
options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "gasp", "vhea", "vmtx", "DSIG"]
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=codes)
subsetter.subset(file)
scale_upem(file, 512)  # of 2048: a fifth smaller, and finer than a line at any size shows
file.save(folder / "NotoEmoji.ttf")
(folder / "emoji.txt").write_text("\n".join(typed), encoding="utf-8")
print(f"{len(typed)} emoji, {len(set(codes.values()))} glyphs")
