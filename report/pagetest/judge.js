// Runs axe on the page and returns a promise of what it found, as JSON of the type Result.
axe
  .run(document, {
    runOnly: {
      type: "tag",
      values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    },
    rules: {
      // Off unless asked for: targets of 24 px, and links of the same text to different places.
      "target-size": { enabled: true },
      "identical-links-same-purpose": { enabled: true },
      "frame-tested": { enabled: false },
    },
    iframes: false,
    resultTypes: ["violations", "incomplete"],
  })
  .then((result) => {
    const finding = (f) => ({
      Rule: f.id,
      Help: f.help,
      Elements: f.nodes.map((n) => ({ Markup: n.html.slice(0, 300), Why: n.failureSummary || "" })),
    });
    return JSON.stringify({
      Violations: result.violations.map(finding),
      Incomplete: result.incomplete.map(finding),
      Passes: result.passes.map((f) => f.id),
    });
  });
