// What the clerk's pages share: their words, and how they speak with the server. Text is only ever text.

export const page = JSON.parse(document.body.dataset.page);
export const words = page.words;
export const at = (id) => document.getElementById(id);

const ANSWER_MS = 8000;

export function say(key, facts = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));
}

export function element(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

export const isSeen = (node) => node?.getClientRects().length > 0;

// Draws, and where what had the focus has gone by that, gives it to what stands in its place.
export function keepFocus(draw, placeOf) {
  const held = document.activeElement;
  draw();
  if (held === document.body || (held.isConnected && isSeen(held) && !held.disabled)) return;
  if (document.activeElement === held || document.activeElement === document.body) placeOf(held)?.focus({ preventScroll: true });
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

// Throws a Refusal for what the server refused and TypeError or DOMException for a lost answer.
export async function send(method, path, body) {
  const headers = { "Accept-Language": page.lang };
  if (page.csrf) headers["X-CSRF-Token"] = page.csrf;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, {
    method,
    headers,
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const said = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Refusal(answer.status, said.code, said.message);
  return said;
}

// With ended, the sign-in says why it stands there.
export function reload(ended = false) {
  const asked = new URLSearchParams(location.search);
  if (ended) asked.set("ended", "1");
  else asked.delete("ended");
  location.replace(`/clerk?${asked}`);
}

// A page of other settings, or of an older version, is loaded again, but never under somebody's hands: an answer on its
// way, an open dialog and a changed form wait. True while the page must not be drawn any more with what is new.
let stale = false;
const IN_HAND = "[data-busy], dialog[open], [data-part] [type=submit]:enabled, [data-filled]";

export function isStale(mark) {
  if (mark === page.mark || stale) return stale;
  if (document.querySelector(IN_HAND)) return false;
  stale = true;
  location.reload();
  return true;
}
