// Rows are taken by the mouse and put elsewhere in their list; what sends it is the row's own hidden button.
ritm.behaviour("arrange", list => {
  const rowOf = element => element.closest("li");
  const rows = () => [...list.children];
  let held, home;
  const putBack = () => held && list.insertBefore(held, home);
  for (const button of list.querySelectorAll("[name=place]")) rowOf(button).draggable = true;
  list.addEventListener("dragstart", event => {
    if (event.target.parentNode !== list) return;
    held = event.target;
    home = held.nextSibling;
    event.dataTransfer.effectAllowed = "move";
    // Firefox drags nothing that carries nothing.
    event.dataTransfer.setData("text/plain", "");
    held.classList.add("step--held");
  });
  list.addEventListener("dragover", event => {
    if (!held) return;
    event.preventDefault();
    const over = event.target.closest("#" + list.id + " > li");
    if (!over || over === held) return;
    const { top, height } = over.getBoundingClientRect();
    const before = event.clientY < top + height / 2 ? over : over.nextSibling;
    if (before !== held && before !== held.nextSibling) list.insertBefore(held, before);
  });
  list.addEventListener("drop", event => held && event.preventDefault());
  list.addEventListener("dragend", event => {
    if (!held) return;
    held.classList.remove("step--held");
    const button = held.querySelector("[name=place]");
    if (event.dataTransfer.dropEffect === "none") putBack();
    else if (held.nextSibling !== home) {
      button.value = rows().indexOf(held);
      document.addEventListener("htmx:error", putBack, { once: true });
      button.click();
      return;
    }
    held = home = undefined;
  });
});
