// A lesson that runs in a frame of another origin: it is shown, heard, and asked for its last word before a terminal locks.
ritm.behaviour("package", (box) => {
  const frame = box.querySelector("iframe");
  const away = box.querySelector(".package__away");
  const wide = box.querySelector(".package__wide");
  const { origin } = box.dataset;
  let left = () => {};
  let refreshed = 0;
  let planned = 0;

  const slow = setTimeout(() => (away.hidden = false), 10_000);
  function refresh() {
    planned = 0;
    refreshed = Date.now();
    document.getElementById("package-standing")?.dispatchEvent(new Event("kept"));
  }
  const words = {
    ready() {
      clearTimeout(slow);
      away.hidden = true;
    },
    // The lock of a terminal listens for touches of its own page alone.
    touched: () => document.dispatchEvent(new Event("input")),
    kept() {
      planned ||= setTimeout(refresh, Math.max(0, refreshed + 5000 - Date.now()));
    },
    done() {
      clearTimeout(planned);
      refresh();
    },
    left: () => left(),
    ended() {},
  };
  addEventListener("message", ({ source, origin: from, data }) => {
    if (source === frame.contentWindow && from === origin && Object.hasOwn(words, data?.ritm)) words[data.ritm]();
  });
  document.addEventListener("ritm:lock", ({ detail }) => {
    detail.until(new Promise((kept) => {
      left = kept;
      frame.contentWindow.postMessage({ ritm: "leave" }, origin);
    }));
  });
  if (document.fullscreenEnabled) {
    wide.hidden = false;
    wide.addEventListener("click", () => frame.requestFullscreen());
  }
  box.hidden = false;
  frame.src = frame.dataset.from;
});
