// What is typed is kept on the portal while one types, so that no lock, expiry or lost line eats it.
const PAUSE = 1500;

ritm.behaviour("draft", (form) => {
  const said = form.querySelector("[data-said]");
  let timer, sent, changed;

  async function keep() {
    clearTimeout(timer);
    if (sent || !changed || !form.isConnected) return;
    changed = false;
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    fields.append("form", form.dataset.form);
    try {
      // A page that is being left may still send, but then not more than 64 KiB.
      const answer = await fetch("/drafts", { method: "POST", body: fields, keepalive: document.hidden });
      if (!answer.ok) throw new Error(answer.status);
      if (said) said.textContent = form.dataset.kept;
    } catch {
      changed = true;
      if (said) said.textContent = form.dataset.unkept;
      timer = setTimeout(keep, 10 * PAUSE);
    }
  }

  function note() {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }

  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  for (const name of ["htmx:error", "htmx:response:error"]) form.addEventListener(name, () => (sent = false));
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  document.addEventListener("ritm:lock", (event) => event.detail.until(keep()));
});
