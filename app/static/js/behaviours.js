// One small module a behaviour, named in the page by data-behaviour="grow draft", started on load and after each swap.
const known = {};
// What is only needed where one writes comes as a file of its own, when the first such field does.
const further = document.currentScript.dataset.writing;
let asked = false;

window.ritm = {
  // Register a behaviour: `start(element)` is called once for each element that names it.
  behaviour(name, start) {
    known[name] = start;
  },
  // A word of the page's language: <div id="notices" data-offline="…">.
  word: (name) => document.getElementById("notices")?.dataset[name] || "",
};

function startAll() {
  for (const element of document.querySelectorAll("[data-behaviour]")) {
    const started = (element.started ||= new Set());
    for (const name of element.dataset.behaviour.split(" ")) {
      if (!known[name]) fetchFurther();
      else if (!started.has(name)) {
        started.add(name);
        known[name](element);
      }
    }
  }
}

function fetchFurther() {
  if (asked || !further) return;
  asked = true;
  const script = document.createElement("script");
  script.src = further;
  script.onload = startAll;
  document.head.append(script);
}

document.addEventListener("DOMContentLoaded", startAll);
document.addEventListener("htmx:after:swap", startAll);

ritm.behaviour("focus", (element) => element.focus());

// A form is sent once, however often its button is pressed; what did not get through may be sent again.
ritm.behaviour("once", (form) => {
  const again = () => delete form.dataset.sent;
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    form.dataset.sent = "yes";
    setTimeout(again, 8000);
  }, true);
  form.addEventListener("htmx:error", again);
  addEventListener("pageshow", again);
});
