// Photos over the whole page: arrows and swipes lead on, Esc leads back. Without scripts the link shows the photo.
let dialog, image, photos, place;

ritm.behaviour("enlarge", (grid) => {
  grid.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
    event.preventDefault();
    const links = [...grid.querySelectorAll("a")];
    photos = links.map((one) => [one.dataset.large || one.href, one.querySelector("img").alt]);
    for (const address of (grid.dataset.rest || "").split(" ").filter(Boolean)) photos.push([address, ""]);
    build();
    show(links.indexOf(link));
    dialog.showModal();
  });
});

function show(number) {
  place = (number + photos.length) % photos.length;
  [image.src, image.alt] = photos[place];
  dialog.querySelector("p").textContent = photos.length > 1 ? `${place + 1} / ${photos.length}` : "";
  for (const button of dialog.querySelectorAll("[data-step]")) button.hidden = photos.length < 2;
}

function build() {
  if (dialog) return;
  dialog = document.createElement("dialog");
  dialog.className = "viewer";
  image = document.createElement("img");
  image.decoding = "async";
  dialog.append(image, button("close", 0), button("before", -1), button("next", 1), document.createElement("p"));
  let from = 0;
  dialog.addEventListener("touchstart", (event) => (from = event.touches[0].clientX), { passive: true });
  dialog.addEventListener("touchend", (event) => {
    const way = event.changedTouches[0].clientX - from;
    if (Math.abs(way) > 50) show(place + (way < 0 ? 1 : -1));
  });
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowRight") show(place + 1);
    if (key === "ArrowLeft") show(place - 1);
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  document.body.append(dialog);
}

function button(name, step) {
  const made = document.createElement("button");
  made.className = `viewer__${name}`;
  made.type = "button";
  made.setAttribute("aria-label", ritm.word(name));
  if (step) made.dataset.step = step;
  made.addEventListener("click", () => (step ? show(place + step) : dialog.close()));
  return made;
}
