// A button that says what it will do before the browser asks for leave.
ritm.behaviour("push", async (box) => {
  const button = box.querySelector("button");
  const say = (name) => (box.querySelector("[role=status]").textContent = box.dataset[name] || "");
  if (!("PushManager" in window) || !("Notification" in window)) return say("missing");
  const worker = await navigator.serviceWorker.register("/sw.js");
  let subscription = await worker.pushManager.getSubscription();
  const show = () => {
    button.hidden = false;
    button.textContent = subscription ? box.dataset.stop : box.dataset.begin;
    say(subscription ? "on" : "");
  };
  const tell = (path, fields) =>
    fetch(path, {
      method: "POST",
      headers: { "X-CSRFToken": box.dataset.token, "HX-Request": "true" },
      body: new URLSearchParams(fields),
    });
  button.addEventListener("click", async () => {
    try {
      if (subscription) {
        await tell("/notifications/push/stop", { endpoint: subscription.endpoint });
        await subscription.unsubscribe();
        subscription = null;
        return show();
      }
      if ((await Notification.requestPermission()) !== "granted") return say("denied");
      const { key } = await (await tell("/notifications/push/key", {})).json();
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      const { keys } = made.toJSON();
      const answer = await tell("/notifications/push", { endpoint: made.endpoint, ...keys });
      if (!answer.ok) return say("failed");
      subscription = made;
      show();
    } catch {
      say("failed");
    }
  });
  show();
});
