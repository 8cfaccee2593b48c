"""Makes Inter-Regular.ttf and Inter-SemiBold.ttf from the files that doc.go names.

    python inter.py INTER NOTO OUT

INTER is the folder of the unpacked npm package @expo-google-fonts/inter, NOTO the folder of the
files of Debian's fonts-noto-core. The same input gives the same bytes.
"""

import os
import sys

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

# All of Inter up to U+FFFF, but for combining marks, wide and invisible spaces, and private use.
INTER = """0020-007E 00A0-02FF 0370-0482 048A-1DBF 1E00-1FFF 2010-2027 202F-205E 2070-20CF 2100-2DDF
    2E00-2E7F A700-A7FF A92E"""

# The letters, digits and signs of Hebrew and Yiddish.
HEBREW = "05BE 05C0 05C3 05D0-05EA 05F0-05F4"

# Those of Arabic, Persian and Urdu, and the forms in which they join.
ARABIC = """060C 061B 061F 0621-063A 0640-064A 0660-066D 0679 067E 0686 0688 0691 0698 06A9 06AF
    06BA 06BE 06C0-06C3 06CC 06D2-06D4 06F0-06F9 FB56-FB59 FB66-FB69 FB7A-FB7D FB88-FB95 FB9E-FB9F
    FBA4-FBB1 FBFC-FBFF FE80-FEFC"""

# Boxes, ticks and crosses, of which Inter has only some.
SYMBOLS = "2610-2612 2714-2716 2718"


def reduced(file, characters):
    """Returns a font with these characters, as outlines in Inter's units."""
    options = subset.Options(hinting=False, notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "gasp"]
    font = TTFont(file, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(characters))
    subsetter.subset(font)
    scale_upem(font, 2048)
    return font


def main(inter, noto, out):
    for name, source, weight in [
        ("Regular", "400Regular/Inter_400Regular.ttf", "Regular"),
        ("SemiBold", "600SemiBold/Inter_600SemiBold.ttf", "Bold"),
    ]:
        parts = [
            reduced(os.path.join(inter, source), INTER),
            reduced(os.path.join(noto, f"NotoSansHebrew-{weight}.ttf"), HEBREW),
            reduced(os.path.join(noto, f"NotoSansArabic-{weight}.ttf"), ARABIC),
            reduced(os.path.join(noto, "NotoSansSymbols2-Regular.ttf"), SYMBOLS),
        ]
        files = []
        for i, part in enumerate(parts):
            files.append(os.path.join(out, f"part{i}.ttf"))
            part.save(files[-1])
        font = Merger().merge(files)
        for file in files:
            os.remove(file)

        # Inter's line height, capitals and dates.
        own = parts[0]
        font["OS/2"] = own["OS/2"]
        for key in "ascent", "descent", "lineGap":
            setattr(font["hhea"], key, getattr(own["hhea"], key))
        for key in "created", "modified":
            setattr(font["head"], key, getattr(own["head"], key))
        font.recalcTimestamp = False
        font.save(os.path.join(out, f"Inter-{name}.ttf"))


main(*sys.argv[1:])
