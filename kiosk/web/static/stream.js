// The stream of changes: heard for as long as the page is open, and asked for again whenever it falls silent.

import { reload, send } from "./talk.js";
import { hideLock, isOver, showLock } from "./lock.js";

const SILENCE_MS = 15000;
const AGAIN_MS = 1500;
const LOOK_MS = 250;

// hear: by the name of the event, what is done with what it says. link("live" or "lost"); trouble(code, or null
// when all is well); begin() before each connection; ended() when the session is over. A page without a lock has its
// own path, unlock() and over(error), which is lock.js's isOver.
export function followChanges({
  hear,
  link,
  trouble,
  begin = () => {},
  ended = () => reload(true),
  path = "/api/changes",
  unlock = hideLock,
  over = isOver,
}) {
  let source = null;
  let heard = performance.now();

  function onHeard() {
    heard = performance.now();
    trouble(null);
    link("live");
  }

  function connect() {
    source?.close();
    begin();
    heard = performance.now();
    const mine = new EventSource(path);
    source = mine;
    mine.addEventListener("board", () => onHeard());
    for (const [name, told] of Object.entries(hear)) {
      mine.addEventListener(name, (event) => {
        onHeard();
        unlock();
        told(JSON.parse(event.data));
      });
    }
    mine.addEventListener("locked", () => {
      onHeard();
      showLock();
    });
    mine.addEventListener("unavailable", (event) => {
      heard = performance.now();
      link("lost");
      trouble(JSON.parse(event.data).code);
    });
    mine.addEventListener("signed-out", () => ended());
    mine.addEventListener("error", () => {
      link("lost");
      if (mine.readyState === EventSource.CLOSED && mine === source) setTimeout(retry, AGAIN_MS);
    });
  }

  // A refused stream says no more than that: ask why, and try again while it may get better.
  async function retry() {
    try {
      await send("GET", "/api/board");
    } catch (error) {
      if (over(error)) return;
    }
    connect();
  }

  function listen() {
    if (performance.now() - heard <= SILENCE_MS) return;
    link("lost");
    connect();
  }

  const close = () => source?.close();
  window.addEventListener("pagehide", close);
  setInterval(listen, LOOK_MS);
  return { connect, close };
}
