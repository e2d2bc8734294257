// The service worker, loaded by /sw.js, which says what this release keeps: its own files and one page in each
// language that says there is no connection. Never a page of a person: phones are lent, lost and stolen.
const { version, files, is_fixed: isFixed, pages, icon, badge } = self.release;
const NAME = `gov-${version}`;
// Where the page in the language of the last reader lies.
const SHOWN = "/offline/";
// What a page sends while it is being left would wait for this worker and be lost with the page, unless the browser
// can be told to keep the worker out of it. Touch devices have no keys, so nothing waits to be sent there.
const mayStandBetween = "addRoutes" in (self.InstallEvent?.prototype ?? {})
  || /Mobi|Android|iPad/.test(navigator.userAgent);
const LOOSELY = { ignoreVary: true };

self.addEventListener("install", (event) => {
  event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" });
  event.waitUntil(fill());
});

async function fill() {
  const cache = await caches.open(NAME);
  await Promise.all([...files, ...Object.values(pages)].map(async (address) => {
    const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(address);
    await cache.put(address, answer);
  }));
  await self.skipWaiting();
}

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("gov-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  const page = pages[event.data?.language];
  if (page) event.waitUntil(show(page));
});

async function show(page) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(page, LOOSELY);
  if (kept) await cache.put(SHOWN, kept);
}

if (mayStandBetween) {
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET") return;
    if (request.mode === "navigate") event.respondWith(fetch(request).catch(noConnection));
    else if (files.includes(new URL(request.url).pathname)) event.respondWith(file(request));
  });
}

async function noConnection() {
  const cache = await caches.open(NAME);
  const otherwise = navigator.language.startsWith("zh") ? pages["zh-CN"] : pages.en;
  return (await cache.match(SHOWN, LOOSELY)) ?? (await cache.match(otherwise, LOOSELY)) ?? Response.error();
}

async function file(request) {
  const kept = () => caches.match(request.url, LOOSELY);
  if (isFixed) return (await kept()) ?? fetch(request);
  return fetch(request).catch(async () => (await kept()) ?? Response.error());
}

// What arrives names the kind of the message and its number, no more; the rest is fetched once it is opened.
self.addEventListener("push", (event) => {
  const { title = "Govplatform", id, url = "/office/" } = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(title, { tag: id, data: url, icon, badge }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data, location.origin);
  // A window of its own: in an open one somebody may be writing.
  if (target.origin === location.origin) event.waitUntil(self.clients.openWindow(target.href));
});
