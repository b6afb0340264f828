// The one field of a terminal: letters narrow the names down, a scanner's digits are a badge.
ritm.behaviour("terminal-pick", (field) => {
  const list = document.getElementById(field.dataset.tiles);
  const none = document.getElementById(`${field.dataset.tiles}-none`);
  const items = list ? [...list.children] : [];
  const fold = (text) => text.trim().toLowerCase().replaceAll("ё", "е");
  const shown = () => items.filter((item) => !item.hidden);

  field.addEventListener("input", () => {
    const wanted = fold(field.value);
    if (/^\d+$/.test(wanted)) return;
    for (const item of items) {
      const words = item.firstElementChild.dataset.name.split(" ");
      item.hidden = !words.some((word, at) => words.slice(at).join(" ").startsWith(wanted));
    }
    if (none) none.hidden = shown().length > 0;
  });
  field.form.addEventListener("submit", (event) => {
    if (/^\d/.test(field.value) || shown().length !== 1) return;
    event.preventDefault();
    location.assign(shown()[0].firstElementChild.href);
  });
  // A scanner types wherever the focus is; digits and letters belong into the field.
  addEventListener("keydown", (event) => {
    if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey && !/INPUT|BUTTON|A/.test(event.target.tagName)) field.focus();
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
});
