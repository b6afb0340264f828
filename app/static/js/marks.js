// Buttons over a text that put in what makes headings, lists, bold and links, for those who do not know the signs.
ritm.behaviour("marks", (bar) => {
  const area = document.getElementById(bar.dataset.for);
  const signs = { heading: "# ", point: "- " };
  bar.hidden = false;

  bar.addEventListener("click", (event) => {
    const mark = event.target.closest("button")?.dataset.mark;
    if (!mark) return;
    area.focus();
    if (signs[mark]) lead(signs[mark]);
    else if (mark === "bold") around("**", "**", bar.dataset.bold);
    else around("[", "](https://)", bar.dataset.link);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Put a sign before each chosen line, or take it away where all of them have it.
  function lead(sign) {
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = area.selectionEnd;
    const lines = area.value.slice(start, end).split("\n");
    const all = lines.every((line) => line.startsWith(sign));
    const marked = lines.map((line) => (all ? line.slice(sign.length) : sign + line.replace(/^(#+|-) /, "")));
    area.setRangeText(marked.join("\n"), start, end, lines.length > 1 ? "select" : "end");
  }

  function around(before, after, words) {
    const { selectionStart: start, selectionEnd: end, value } = area;
    const chosen = value.slice(start, end) || words;
    area.setRangeText(before + chosen + after, start, end, "end");
    const from = start + before.length;
    // What is to be typed next stays chosen: the words, or where the link leads.
    if (before === "[") area.setSelectionRange(from + chosen.length + 2, from + chosen.length + after.length - 1);
    else area.setSelectionRange(from, from + chosen.length);
  }
});
