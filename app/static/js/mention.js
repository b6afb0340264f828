// Names after "@", offered while one types; whoever is chosen is meant, though there may be namesakes.
const NAME = /(?:^|[\s(])@([^\s@]{2,}(?: [^\s@]*)?)$/;

ritm.behaviour("mention", (area) => {
  let timer, asked;
  const typed = () => area.value.slice(0, area.selectionStart).match(NAME)?.[1];

  const show = ritm.suggest(area, (option) => {
    const start = area.selectionStart - typed().length;
    area.setRangeText(`${option.dataset.name} `, start, area.selectionStart, "end");
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "mention", value: option.dataset.id });
    area.form.append(field);
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  async function offer() {
    const query = (asked = typed());
    if (!query) return show("");
    try {
      const answer = await fetch(`/mentions?q=${encodeURIComponent(query)}`, { headers: { "HX-Request": "true" } });
      if (asked === query) show(answer.ok ? await answer.text() : "");
    } catch {
      show("");
    }
  }

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, 120);
  });
  area.addEventListener("blur", () => setTimeout(show, 200, ""));
});
