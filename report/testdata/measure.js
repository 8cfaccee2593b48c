// Measures the pages in the frames of a page, and writes what it found as JSON into #layouts. Each
// layout has the fields of the type layout in chromium_test.go.

// A number that stands alone, with its sign, separators and unit. It is no part of a name or a path.
const number =
  /(?<![\p{L}\p{N}\-\/._=])[−+±]?\d(?:[\d.,:/\u00a0\u202f]*\d)?(?:[\u00a0\u202f]?%)?(?![\p{L}\p{N}])/gu;

const blocks = ["block", "list-item", "table-cell", "table-row", "table"];

function seen(element) {
  return element.getClientRects().length > 0;
}

// Returns the texts of each block as a list of letters, each with its node and place.
function paragraphs(doc) {
  const all = new Map();
  const walk = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    let block = node.parentElement;
    if (!seen(block)) continue;
    while (!blocks.includes(doc.defaultView.getComputedStyle(block).display)) {
      block = block.parentElement;
    }
    if (!all.has(block)) all.set(block, []);
    for (let i = 0; i < node.data.length; i++) all.get(block).push([node.data[i], node, i]);
    if (node.nextSibling && node.nextSibling.nodeName == "BR") {
      all.get(block).push(["\n", node, node.data.length]);
    }
  }
  return all.values();
}

// Returns the numbers that are on more than one line.
function broken(doc) {
  const all = [];
  for (const letters of paragraphs(doc)) {
    const text = letters.map((l) => l[0]).join("");
    for (const found of text.matchAll(number)) {
      const bottoms = [];
      for (let i = found.index; i < found.index + found[0].length; i++) {
        const [, node, at] = letters[i];
        const range = doc.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        for (const r of range.getClientRects()) if (r.width > 0) bottoms.push(r.bottom);
      }
      // A unit may be set smaller, a few pixels above the line of the digits
      if (Math.max(...bottoms) - Math.min(...bottoms) > 10) {
        all.push(found[0] + " in " + text.trim().slice(0, 80));
      }
    }
  }
  return all;
}

// Returns the names from right to left whose last sign, "?" or ")", is not at their left end.
function turned(doc) {
  const all = [];
  const name = /[\u0590-\u08ff][\u0590-\u08ff ()]*[?)]/gu;
  for (const letters of paragraphs(doc)) {
    const text = letters.map((l) => l[0]).join("");
    for (const found of text.matchAll(name)) {
      const box = (i) => {
        const [, node, at] = letters[i];
        const range = doc.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect();
      };
      const first = box(found.index), last = box(found.index + found[0].length - 1);
      if (Math.abs(first.bottom - last.bottom) < 4 && last.left > first.left) {
        all.push(found[0] + " in " + text.trim().slice(0, 80));
      }
    }
  }
  return all;
}

function links(doc) {
  return [...doc.querySelectorAll("a[href]")].filter(seen).map((a) => ({
    URL: a.getAttribute("href"),
    Bottom: Math.ceil(a.getBoundingClientRect().bottom),
  }));
}

// Returns each color once, with the text that has it or that stands on it.
function colors(doc) {
  const all = new Map();
  for (const e of doc.body.querySelectorAll("*")) {
    if (!seen(e)) continue;
    const style = doc.defaultView.getComputedStyle(e);
    const on = (e.innerText || e.nodeName).trim().slice(0, 60);
    const note = (color) => {
      if (!all.has(color)) all.set(color, on);
    };
    if ([...e.childNodes].some((n) => n.nodeType == 3 && n.data.trim())) note(style.color);
    note(style.backgroundColor);
    for (const side of ["Top", "Right", "Bottom", "Left"]) {
      if (parseFloat(style["border" + side + "Width"]) > 0) note(style["border" + side + "Color"]);
    }
  }
  return [...all].map(([Color, On]) => ({ Color, On }));
}

function layout(doc) {
  const found = {
    Height: doc.documentElement.scrollHeight,
    Text: doc.body.innerText,
    Broken: broken(doc),
    Turned: turned(doc),
    Links: links(doc),
    Colors: colors(doc),
  };
  for (const table of doc.querySelectorAll("table:not([role=presentation])")) {
    table.style.display = "none";
  }
  found.Prose = doc.body.innerText;
  return found;
}

window.onload = () => {
  document.getElementById("layouts").textContent = JSON.stringify(
    [...document.querySelectorAll("iframe")].map((f) => layout(f.contentDocument)),
  );
};
