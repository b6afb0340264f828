// Runs a package: hands its pages SCORM's interface, keeps what they say on the server, leads from part to part.
const about = JSON.parse(document.body.dataset.about);
const [said, parts, before, choice, next, frame] = ["said", "parts", "before", "choice", "next", "frame"].map((id) =>
  document.getElementById(id),
);
const here = location.pathname.replace(/play$/, "");
const portal = window.parent;
// Packages look for the interface from frame to frame upwards; above this page is the portal, which they may not even ask.
window.parent = window;
// What a package of another person's left in this browser is not the next one's.
try {
  localStorage.clear();
  sessionStorage.clear();
  indexedDB.databases?.().then((all) => all.forEach(({ name }) => indexedDB.deleteDatabase(name)), () => {});
} catch {
  // The browser keeps nothing at all: as well.
}

// A message longer than this the browser does not send behind a page that closes.
const LONGEST_LAST_WORD = 60_000;
const PAUSE = 4000;
let run = null;
let ended = false;

// One turn of one part: its interface, what the server has of it, and what is still to be said.
class Run {
  constructor(place, turn, api) {
    Object.assign(this, { place, turn, api, word: 0, kept: {}, timer: 0, talking: false, wants: false, closing: false });
  }

  // All that the part has said, as {"cmi.…": "…"}; what is empty and never was anything is left out.
  now() {
    const all = {};
    for (const [key, value] of Object.entries(this.api.renderCommitCMI(false))) {
      if (typeof value === "object" || value === null || value === undefined) continue;
      const words = String(value).slice(0, 65_536);
      if (words || this.kept[key]) all[key] = words;
    }
    return all;
  }

  later() {
    this.timer ||= setTimeout(() => this.tell(), PAUSE);
  }

  // Say what is new. What was not acknowledged is said again with the next word; the server takes a word once.
  async tell() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.talking && !this.closing) return void (this.wants = true);
    const all = this.now();
    const fresh = Object.fromEntries(Object.entries(all).filter(([key, value]) => this.kept[key] !== value));
    if (!Object.keys(fresh).length || ended) return;
    this.talking = true;
    const body = JSON.stringify({ place: this.place, turn: this.turn, word: ++this.word, said: fresh });
    const keepalive = new Blob([body]).size < LONGEST_LAST_WORD;
    try {
      const answer = await fetch(`${here}word`, { method: "POST", body, keepalive });
      if (answer.status === 409) return stop(about.words.elsewhere);
      if (answer.status === 404) return stop(about.words.over);
      if (answer.ok) {
        this.kept = { ...this.kept, ...fresh };
        show("");
        note(this, (await answer.json()).done);
      } else if (answer.status < 500) {
        show(about.words.refused);
      } else {
        throw new Error(answer.status);
      }
    } catch {
      show(about.words.offline);
      this.later();
    } finally {
      this.talking = false;
      if (this.wants) {
        this.wants = false;
        this.tell();
      }
    }
  }
}

function show(words) {
  said.textContent = words;
  said.hidden = !words;
}

function tellPortal(word) {
  portal.postMessage({ ritm: word }, about.portal);
}

// The sign-in is over, or another device goes on: nothing that is said here would be kept any more.
function stop(words) {
  ended = true;
  show(words);
  frame.remove();
  parts.hidden = true;
  tellPortal("ended");
}

function note(run, done) {
  const all = run.api.renderCommitCMI(false);
  const status = all["cmi.core.lesson_status"] || all["cmi.completion_status"] || "";
  const success = all["cmi.success_status"] || "";
  if (/completed|passed/.test(status) && success !== "failed") mark(run.place);
  tellPortal(done ? "done" : "kept");
}

function mark(place) {
  about.items[place].isDone = true;
  for (const option of choice.options) if (Number(option.value) === place) option.textContent = name(place);
}

function name(place) {
  const { title, depth, isDone } = about.items[place];
  return `${"\u2003".repeat(depth)}${isDone ? "✓ " : ""}${title}`;
}

// The server takes what is said when it comes; the part is told that it is taken care of.
const service = {
  processHttpRequest() {
    run?.tell();
    return { result: "true", errorCode: 0 };
  },
  updateSettings() {},
};

const { Scorm12API, Scorm2004API } = await import(about.api);

async function launch(place) {
  const item = about.items[place];
  await leave();
  let begun;
  try {
    const answer = await fetch(`${here}launch`, { method: "POST", body: JSON.stringify({ place }) });
    if (answer.status === 404) return stop(about.words.over);
    if (!answer.ok) throw new Error(answer.status);
    begun = await answer.json();
  } catch {
    return show(about.words.broken);
  }
  choice.value = String(place);
  arrows(place);
  delete window.API;
  delete window.API_1484_11;
  if (item.isSco) {
    const settings = { lmsCommitUrl: `${here}word`, dataCommitFormat: "flattened", logLevel: 5, httpService: service };
    const api = new (about.standard === "1.2" ? Scorm12API : Scorm2004API)(settings);
    api.loadFromFlattenedJSON(begun.said);
    run = new Run(place, begun.turn, api);
    run.kept = run.now();
    const set = about.standard === "1.2" ? "LMSSetValue" : "SetValue";
    const mine = run;
    api.on(set, () => mine.later());
    for (const [event, by] of [["SequenceNext", 1], ["SequencePrevious", -1]]) api.on(event, () => setTimeout(() => step(place, by)));
    api.on("SequenceChoice", (target) => setTimeout(() => choose(target)));
    window[about.standard === "1.2" ? "API" : "API_1484_11"] = api;
  } else {
    mark(place);
    tellPortal("kept");
  }
  open(about.files + item.address);
}

// In place of what was there, so that "Back" leads out of the lesson and not from part to part.
function open(address) {
  frame.contentWindow.location.replace(new URL(address, location.href));
}

// Let the part say its last word, and wait until that is kept.
async function leave() {
  const leaving = run;
  if (!leaving) return;
  await new Promise((gone) => {
    frame.addEventListener("load", gone, { once: true });
    open("about:blank");
    setTimeout(gone, 2000);
  });
  for (let patience = 20; patience && leaving.talking; patience--) await new Promise((on) => setTimeout(on, 100));
  await leaving.tell();
  clearTimeout(leaving.timer);
  run = null;
}

function shown() {
  const places = about.items.map((_item, place) => place).filter((place) => !about.items[place].isHidden);
  return places.length ? places : about.items.map((_item, place) => place);
}

function step(place, by) {
  const places = shown();
  const target = places[places.indexOf(place) + by];
  if (target !== undefined && run?.place === place) launch(target);
}

function choose(target) {
  const wanted = String(target ?? "").replace(/^\{target=(.*)\}.*$/, "$1");
  const place = about.items.findIndex((item) => item.id === wanted);
  if (place >= 0) launch(place);
}

function arrows(place) {
  const places = shown();
  before.disabled = places.indexOf(place) <= 0;
  next.disabled = places.indexOf(place) === places.length - 1;
}

// Whoever works in the package is at the device: the portal's page cannot see it for itself.
let last = 0;
function touched() {
  if (Date.now() - last < 1000) return;
  last = Date.now();
  tellPortal("touched");
}
const watched = new WeakSet();
function watch(win) {
  try {
    if (!watched.has(win.document)) {
      watched.add(win.document);
      for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchmove", "input", "scroll"]) {
        win.document.addEventListener(kind, touched, { passive: true, capture: true });
      }
    }
    // Whoever watches a film touches nothing.
    for (const film of win.document.querySelectorAll("video, audio")) if (!film.paused && !film.ended && !film.loop) touched();
    for (let number = 0; number < win.frames.length; number++) watch(win.frames[number]);
  } catch {
    // A frame of another origin.
  }
}
setInterval(() => watch(window), 1000);

addEventListener("message", async ({ source, origin, data }) => {
  if (source !== portal || origin !== about.portal || data?.ritm !== "leave") return;
  await leave();
  tellPortal("left");
});
addEventListener("online", () => run?.tell());
function close() {
  if (!run) return;
  run.closing = true;
  run.tell();
}
addEventListener("pagehide", close);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && run?.tell());

for (const place of shown()) choice.add(new Option(name(place), String(place)));
parts.hidden = shown().length < 2;
choice.addEventListener("change", () => launch(Number(choice.value)));
before.addEventListener("click", () => step(Number(choice.value), -1));
next.addEventListener("click", () => step(Number(choice.value), 1));
const first = shown().find((place) => !about.items[place].isDone) ?? shown()[0];
tellPortal("ready");
launch(first);
