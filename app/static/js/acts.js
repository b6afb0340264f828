// A pressed button shows its state at once; the answer brings the true one, a failure takes it back.
function flip(event) {
  const button = event.target.closest?.(".act[aria-pressed]");
  if (!button) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", on);
  const count = button.querySelector("[data-count]");
  if (count) count.textContent = Number(count.textContent) + (on ? 1 : -1) || "";
}

for (const name of ["htmx:before:request", "htmx:error", "htmx:response:error"]) document.addEventListener(name, flip);
