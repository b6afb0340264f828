// One small module a behaviour, named in the page by data-behaviour="grow draft", started on load and after each swap.
const known = {};

window.ritm = {
  // Register a behaviour: `start(element)` is called once for each element that names it.
  behaviour(name, start) {
    known[name] = start;
  },
};

function startAll(root) {
  const found = root.querySelectorAll ? [...root.querySelectorAll("[data-behaviour]")] : [];
  if (root.matches && root.matches("[data-behaviour]")) found.unshift(root);
  for (const element of found) {
    const started = (element.started ||= new Set());
    for (const name of element.dataset.behaviour.split(" ")) {
      if (known[name] && !started.has(name)) {
        started.add(name);
        known[name](element);
      }
    }
  }
}

document.addEventListener("DOMContentLoaded", () => startAll(document));
document.addEventListener("htmx:after:swap", () => startAll(document));

ritm.behaviour("focus", (element) => element.focus());

// A form is sent once, however often its button is pressed.
ritm.behaviour("once", (form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
});
