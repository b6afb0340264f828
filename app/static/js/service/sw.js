// The portal's service worker: keeps the shell and a page for the time without a line, and shows pushes.
// Pages are never kept: on a shared computer they would be another person's.
const SHELL = "ritm-shell-1";
const OFFLINE = "/offline";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(SHELL).then(async (cache) => {
      const page = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
      await cache.put(OFFLINE, page.clone());
      const needed = [...(await page.text()).matchAll(/(?:href|src)="(\/assets\/[^"#]+)"/g)].map((match) => match[1]);
      await cache.addAll([...new Set(needed)]);
      await self.skipWaiting();
    }),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) {
    event.respondWith(kept(request));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  }
});

// Assets bear a digest in their name: what is kept is right for good.
async function kept(request) {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(SHELL)).put(request, answer.clone());
  return answer;
}

self.addEventListener("push", (event) => {
  let news = {};
  try {
    news = event.data.json();
  } catch {
    return;
  }
  event.waitUntil(
    self.registration.showNotification(news.title, {
      body: news.body,
      tag: news.tag,
      icon: "/static/brand/icon-192.png",
      badge: "/static/brand/icon-192.png",
      data: { path: news.path },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const path = String(event.notification.data?.path || "/notifications");
  event.waitUntil(self.clients.openWindow(path.startsWith("/") && !path.startsWith("//") ? path : "/notifications"));
});
