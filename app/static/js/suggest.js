// A list of suggestions under a field: arrows choose, Enter takes, Esc closes; screen readers hear how many and which.
let number = 0;

ritm.suggest = (area, taken) => {
  const id = `suggest-${++number}`;
  const box = document.createElement("div");
  box.className = "suggest";
  box.hidden = true;
  box.innerHTML = `<p class="visually-hidden" role="status"></p><div role="listbox" id="${id}"></div>`;
  (area.closest(".say__line") || area).after(box);
  const [status, list] = box.children;
  list.setAttribute("aria-label", ritm.word("colleagues"));
  for (const [name, value] of [["autocomplete", "list"], ["haspopup", "listbox"], ["controls", id]]) {
    area.setAttribute(`aria-${name}`, value);
  }
  let chosen = 0;

  function mark(place) {
    const options = [...list.children];
    chosen = (place + options.length) % options.length;
    options.forEach((option, other) => option.setAttribute("aria-selected", other === chosen));
    area.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function show(options) {
    list.innerHTML = options;
    [...list.children].forEach((option, place) => (option.id = `${id}-${place}`));
    box.hidden = !list.children.length;
    status.textContent = box.hidden ? "" : ritm.word("choose");
    if (box.hidden) area.removeAttribute("aria-activedescendant");
    else mark(0);
  }

  const take = (option) => (show(""), taken(option));
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
    event.preventDefault();
  });
  area.addEventListener("keydown", (event) => {
    const act = {
      ArrowDown: () => mark(chosen + 1),
      ArrowUp: () => mark(chosen - 1),
      Enter: () => take(list.children[chosen]),
      Tab: () => take(list.children[chosen]),
      Escape: () => show(""),
    }[event.key];
    if (box.hidden || !act || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  return show;
};
