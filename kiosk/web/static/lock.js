// A page that nobody touched asks for the PIN; nothing of it is seen, and no key acts, until then.

import { page, words, at, Refusal, send, reload } from "./talk.js";

const STAY_MS = 60000;

const lock = at("lock");
let locked = false;
let told = -STAY_MS; // when the server last heard that somebody is at work here

export function showLock() {
  if (locked) return;
  locked = true;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  lock.querySelector(".alert").textContent = "";
  lock.showModal();
  at("lock-pin").focus();
}

export function hideLock() {
  locked = false;
  at("lock-pin").value = "";
  lock.close();
}

// A refusal that means this page is over or locked; false for any other one.
export function isOver(error) {
  if (!(error instanceof Refusal) || error.status !== 401) return false;
  if (error.code === "locked") showLock();
  else reload(true);
  return true;
}

async function unlock(event) {
  event.preventDefault();
  const pin = at("lock-pin");
  const button = lock.querySelector("[type=submit]");
  if (button.disabled) return;
  const told = lock.querySelector(".alert");
  if (!pin.value) {
    told.textContent = words["lock.missing"];
    return pin.focus();
  }
  button.disabled = true;
  told.textContent = "";
  try {
    await send("POST", "/api/session/resume", { pin: pin.value });
    hideLock();
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_signed_in") return reload(true);
    const refused = error instanceof Refusal;
    const wrong = refused && error.code === "wrong_pin";
    told.textContent = wrong ? words["lock.wrong"] : refused ? error.message : words["link.no_answer"];
    pin.value = "";
    pin.focus();
  } finally {
    button.disabled = false;
  }
}

async function leave() {
  try {
    await send("DELETE", "/api/session");
    reload();
  } catch (error) {
    if (error instanceof Refusal) return reload(true);
    lock.querySelector(".alert").textContent = words["link.no_answer"];
  }
}

// Somebody is at work here: told at most once a minute, and again when that was not heard.
async function stay() {
  if (locked || performance.now() - told < STAY_MS) return;
  told = performance.now();
  try {
    await send("POST", "/api/session/stay");
  } catch (error) {
    told = -STAY_MS;
    isOver(error);
  }
}

export function useLock() {
  lock.querySelector("form").addEventListener("submit", unlock);
  // Esc twice closes a dialog whatever its page says; this one opens again.
  lock.addEventListener("cancel", (event) => event.preventDefault());
  lock.addEventListener("close", () => locked && lock.showModal());
  at("lock-leave").addEventListener("click", leave);
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, stay, true);
  if (page.locked) showLock();
}
