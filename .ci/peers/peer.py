"""Draws ten charts of a week with matplotlib and a PDF with reportlab, as a peer of make bench-peers.

It is what a script for the same report would do: ten PNGs of 1050 x 660 pixels, and three pages with
four headings, texts, a table and the charts.
"""

import io

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Table, TableStyle

DAYS = ["Mon 9", "Tue 10", "Wed 11", "Thu 12", "Fri 13", "Sat 14", "Sun 15"]
CHATS = [1284, 1412, 1377, 1530, 1198, 642, 588]
LABELS = ["Hvor er pakken min?", "Retur og bytte", "Endre leveringsadresse", "Åpningstider", "Gavekort",
          "Größentabelle", "Levering til Ærø", "Снова", "Αλλαγή", "Snakk med et menneske"]


def chart(n):
    figure, axes = plt.subplots(figsize=(7, 4.4), dpi=150)
    if n % 3 == 0:
        bars = axes.bar(DAYS, [c * (10 + n) // 10 for c in CHATS], color="#2563eb")
        axes.bar_label(bars)
    elif n % 3 == 1:
        bars = axes.barh(LABELS, range(1820, 1820 - 10 * 140, -140), color="#2563eb")
        axes.bar_label(bars)
        axes.invert_yaxis()
    else:
        axes.imshow([[(d * 7 + h * 3) % 50 for h in range(24)] for d in range(7)], cmap="Blues", aspect="auto")
        axes.set_yticks(range(7), DAYS)
    axes.set_title(f"Chart {n}")
    figure.tight_layout()
    png = io.BytesIO()
    figure.savefig(png, format="png")
    plt.close(figure)
    png.seek(0)
    return png


styles = getSampleStyleSheet()
story = []
for n in range(10):
    if n % 3 == 0:
        story.append(Paragraph("Nettbutikk chatbot, week 46", styles["Heading1"]))
        story.append(Paragraph("8,031 chats, 18% more than usual. Did not understand 11.8%. " * 6, styles["BodyText"]))
        table = Table([["Label", "Chats", "Week before"]] + [[label, 100, 90] for label in LABELS])
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey)]))
        story.append(table)
    story.append(Image(chart(n), width=350, height=220))
pdf = io.BytesIO()
SimpleDocTemplate(pdf, pagesize=A4).build(story)
assert pdf.getvalue().startswith(b"%PDF")
