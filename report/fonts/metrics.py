"""Gives each glyph of fonts an advance of its own, in place: see doc.go.

    python metrics.py FONT...

A font may leave out the advances of its last glyphs if they are the same. For these gofpdf writes
into the font that it is given, and so would change the file in memory.
"""

import struct
import sys

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

for path in sys.argv[1:]:
    font = TTFont(path, recalcTimestamp=False, recalcBBoxes=False)
    metrics = [font["hmtx"][name] for name in font.getGlyphOrder()]
    table = DefaultTable("hmtx")
    table.data = b"".join(struct.pack(">Hh", advance, bearing) for advance, bearing in metrics)
    font["hhea"].numberOfHMetrics = len(metrics)
    font.tables["hmtx"] = table
    font.save(path)
