// An announcement counts as read when its end was reached and it was in sight long enough; the page says so once.
ritm.behaviour("reading", (form) => {
  const needed = Number(form.dataset.needed);
  const panel = form.closest("section");
  const word = panel.querySelector(".asked__word");
  let seconds = 0;
  let reached = !("IntersectionObserver" in window);
  if (word && !reached) {
    word.hidden = true;
    panel.querySelector("[data-clock]").hidden = false;
  }

  const end = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    reached = true;
    end.disconnect();
    say();
  });
  end.observe(panel);

  const timer = setInterval(() => {
    if (!form.isConnected) return stop();
    if (!document.hidden) seconds += 1;
    say();
  }, 1000);

  function say() {
    if (!reached || seconds < needed || !form.isConnected) return;
    stop();
    form.elements.seconds.value = Math.max(seconds, 1);
    form.requestSubmit();
  }

  function stop() {
    clearInterval(timer);
    end.disconnect();
  }
});

// A wrong answer leads back to the words that say it.
ritm.behaviour("passage", () => {
  const passage = document.getElementById("passage");
  if (!passage) return;
  passage.classList.add("passage--shown");
  passage.scrollIntoView({ block: "center" });
  passage.focus({ preventScroll: true });
});

// After an act its button is gone: what came in its place takes the focus, unless the reader is elsewhere already.
ritm.behaviour("settle", (panel) => {
  if (!document.activeElement || document.activeElement === document.body) panel.focus({ preventScroll: true });
});
