// The quiet pill: once a minute, while somebody looks, ask whether something new has come; nothing moves by itself.
const EVERY = 60000;

ritm.behaviour("news", (place) => {
  let tag = "";
  let last = Date.now();
  let timer = setInterval(ask, EVERY);

  async function ask() {
    if (document.hidden || !timer) return;
    last = Date.now();
    const headers = { "HX-Request": "true", "X-Poll": "1" };
    if (tag) headers["If-None-Match"] = tag;
    try {
      const answer = await fetch(place.dataset.address, { headers });
      if (answer.headers.has("HX-Redirect") || answer.status > 399) timer = clearInterval(timer);
      else if (answer.status === 200) {
        tag = answer.headers.get("ETag");
        place.innerHTML = await answer.text();
      }
    } catch {
      // A lost line: the next minute asks again.
    }
  }

  document.addEventListener("visibilitychange", () => Date.now() - last > EVERY && ask());
});
