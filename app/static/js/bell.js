// The bell's number, and the service worker, which a shared terminal must not have.

// Ask for the number once a minute, while somebody looks; X-Poll keeps nobody signed in.
ritm.behaviour("bell", (bell) => {
  const timer = setInterval(async () => {
    if (!bell.isConnected) return clearInterval(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(`/notifications/count?shown=${bell.dataset.count}`, {
        headers: { "HX-Request": "true", "X-Poll": "1" },
      });
      if (answer.status !== 200 || answer.redirected) return;
      for (const old of document.querySelectorAll("[data-behaviour=bell]")) {
        old.outerHTML = await answer.clone().text();
      }
      ritm.start();
    } catch {
      // No line: the next minute will do.
    }
  }, 60000);
});

if ("serviceWorker" in navigator) {
  if (document.body.dataset.terminal) {
    navigator.serviceWorker.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
  } else {
    addEventListener("load", () => navigator.serviceWorker.register("/sw.js"));
  }
}
