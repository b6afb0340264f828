// A field grows with its text; Ctrl+Enter sends it.
ritm.behaviour("grow", (area) => {
  const least = area.rows;
  // By its rows, not by a style: htmx copies attributes, and the page's policy allows no style among them.
  const fit = () => {
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(area);
    area.rows = least;
    const lines = (area.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)) / parseFloat(lineHeight);
    area.rows = Math.max(least, Math.min(30, Math.round(lines)));
  };
  area.addEventListener("input", fit);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
  });
  fit();
});
