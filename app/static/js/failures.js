// What does not get through says so in its place, and what was typed stays.
function notice(words) {
  const line = document.createElement("p");
  line.className = "notice notice--bad";
  line.setAttribute("role", "alert");
  line.dataset.failure = "";
  line.textContent = words;
  return line;
}

document.addEventListener("htmx:error", ({ target }) => {
  const form = target.closest?.("form:not(#act)");
  const words = notice(ritm.word(form ? "offline" : "lost"));
  clear(form);
  if (form) (form.querySelector(".actions") || form).prepend(words);
  else document.getElementById("notices").replaceChildren(words);
});

document.addEventListener("htmx:before:request", ({ target }) => clear(target.closest?.("form")));

function clear(form) {
  for (const old of document.querySelectorAll("#notices > *")) old.remove();
  for (const old of form?.querySelectorAll("[data-failure]") || []) old.remove();
}

// Notices go when they are pressed, or with Esc.
document.addEventListener("click", ({ target }) => target.closest?.("#notices > *")?.remove());
document.addEventListener("keydown", ({ key }) => key === "Escape" && clear());
