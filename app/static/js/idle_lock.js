// Locks a terminal that nobody touches: counts down in sight, keeps what is typed as a draft, then ends the session.
ritm.behaviour("idle-lock", (form) => {
  const patience = Number(form.dataset.seconds) * 1000;
  const clock = form.querySelector("[data-clock]");
  const said = form.querySelector("[data-said]");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("ritm-terminal") : null;
  let touched = Date.now();
  let told = 0;
  let planned = 0;
  let locked = false;

  // The server counts by requests: whoever types for minutes without one is still there.
  function tell() {
    planned = 0;
    told = Date.now();
    fetch(form.dataset.awake, { redirect: "manual" }).then((answer) => answer.type === "opaqueredirect" && leave(), () => {});
  }
  function touch() {
    touched = Date.now();
    if (tabs) tabs.postMessage("touched");
    if (!planned) planned = setTimeout(tell, Math.max(0, told + 20000 - touched));
  }
  function leave() {
    location.replace("/terminal");
  }
  async function lock() {
    locked = true;
    document.documentElement.classList.add("is-locked");
    const wait = [];
    document.dispatchEvent(new CustomEvent("ritm:lock", { detail: { until: (promise) => wait.push(promise) } }));
    await Promise.race([Promise.allSettled(wait), new Promise((done) => setTimeout(done, 3000))]);
    if (tabs) tabs.postMessage("locked");
    form.submit();
  }
  function tick() {
    if (locked) return;
    const left = Math.ceil((touched + patience - Date.now()) / 1000);
    if (left <= 0) return void lock();
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    form.classList.toggle("is-soon", left <= 20);
    said.textContent = left <= 20 ? form.dataset.soon : "";
  }

  let last = 0;
  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove", "input", "scroll"]) {
    addEventListener(kind, () => {
      if (!locked && Date.now() - last > 1000) touch((last = Date.now()));
    }, { passive: true, capture: true });
  }
  if (tabs) tabs.onmessage = ({ data }) => (data === "locked" ? leave() : (touched = Date.now()));
  clock.parentElement.hidden = false;
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, 1000);
});
