// The menu of a card: it closes by a click elsewhere and by Esc, which leads back to its button.
ritm.behaviour("menu", (menu) => menu.querySelector("summary").focus());

function close(menu, back) {
  menu.open = false;
  if (back) menu.querySelector("summary").focus();
}

document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    // An item that was pressed has done its work; copying says so for a moment first.
    if (!menu.contains(target)) close(menu);
    else if (target.closest(".menu__item:not([data-behaviour])")) close(menu);
  }
});

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") for (const menu of document.querySelectorAll(".menu[open]")) close(menu, true);
});
