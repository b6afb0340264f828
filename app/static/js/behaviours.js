// One small module a behaviour, named in the page by data-behaviour="grow draft", started on load and after each swap.
const known = {};
// What helps while one writes or looks closer comes as a file of its own: with the first form, or when it is pressed.
const further = document.currentScript.dataset.further;
let fetched;

window.ritm = {
  // Register a behaviour: `start(element)` is called once for each element that names it.
  behaviour(name, start) {
    known[name] = start;
  },
  // Start what stands in a piece of page that was put in by hand.
  start: () => startAll(),
  // A word of the page's language: <div id="notices" data-offline="…">.
  word: (name) => document.getElementById("notices")?.dataset[name] || "",
};

function startAll() {
  for (const element of document.querySelectorAll("[data-behaviour]")) {
    const started = (element.started ||= new Set());
    for (const name of element.dataset.behaviour.split(" ")) {
      if (started.has(name)) continue;
      if (known[name]) {
        started.add(name);
        known[name](element);
      } else if (further) {
        if (element.closest("form")) fetchFurther();
        else element.addEventListener("click", pressedEarly, { once: true });
      }
    }
  }
}

function fetchFurther() {
  return (fetched ||= new Promise((loaded) => {
    const script = document.createElement("script");
    script.src = further;
    script.onload = script.onerror = loaded;
    document.head.append(script);
  }).then(startAll));
}

// Whoever presses before the file is there gets what he pressed a moment later; a link leads on if it never comes.
function pressedEarly(event) {
  const { target, ctrlKey, metaKey, shiftKey } = event;
  if (ctrlKey || metaKey || shiftKey) return;
  event.preventDefault();
  fetchFurther().then(() => target.click());
}

document.addEventListener("DOMContentLoaded", startAll);
document.addEventListener("htmx:after:swap", startAll);
