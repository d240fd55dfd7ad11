// What the pages of staff without a counter share: one thing at a time, told where it was asked for.

import { words, at, isSeen, isStale, keepFocus, Refusal, send, reload } from "./talk.js";
import { isOver, useLock } from "./lock.js";
import { followChanges } from "./stream.js";
import { setClock } from "./clock.js";
import { showLink, showNotices } from "./notices.js";

const LOOK_MS = 1000;

// Where the focus goes when what had it is gone.
const ground = () => [...document.querySelectorAll("dialog[open] [data-close], main button, main input, .places a")].find(
  (node) => isSeen(node) && !node.disabled && !(document.querySelector("dialog[open]") && !node.closest("dialog[open]")),
);

const alert = () => document.querySelector("dialog[open] .alert") ?? at("alert");

// show(view) draws the state; tick(view) what goes on by itself; placeOf(held) is what stands where a button was. What is
// heard is the hall, or the own counter.
export function useWork({ show = () => {}, tick = () => {}, placeOf = () => null, hears = "hall" } = {}) {
  let view = null;
  let busy = false;
  let unavailable = null;

  // A second press while the first is on its way is the same press.
  async function act(work, done) {
    if (busy) return;
    busy = true;
    document.body.toggleAttribute("data-busy", true);
    alert().textContent = "";
    try {
      await work();
      if (done) tell(done);
    } catch (error) {
      if (isOver(error)) return;
      const lost = !(error instanceof Refusal);
      alert().textContent = lost ? words["link.no_answer"] : error.message;
      if (lost) stream.connect();
    } finally {
      busy = false;
      document.body.toggleAttribute("data-busy", false);
      if (view) isStale(view.mark);
    }
  }

  function tell(text) {
    at("told").textContent = text;
  }

  function openDialog(id) {
    const dialog = at(id);
    for (const form of dialog.querySelectorAll("form")) form.reset();
    const told = dialog.querySelector(".alert");
    if (told) told.textContent = "";
    dialog.showModal();
  }

  const stream = followChanges({
    hear: {
      [hears]: (said) => {
        if (isStale(said.mark)) return;
        view = said;
        setClock(view.at);
        keepFocus(() => show(view), (held) => placeOf(held) ?? ground());
        showNotices(view, unavailable);
        tick(view);
      },
    },
    link: showLink,
    trouble: (code) => {
      unavailable = code;
      if (code) showNotices(view, unavailable);
    },
  });

  async function signOut() {
    await act(async () => {
      await send("DELETE", "/api/session");
      stream.close();
      reload();
    });
  }

  at("sign-out").addEventListener("click", signOut);
  for (const dialog of document.querySelectorAll("dialog:not(#lock)")) {
    dialog.addEventListener("click", ({ target }) => target.closest("[data-close]") && dialog.close());
    // Its opener may have gone meanwhile.
    dialog.addEventListener("close", () => {
      const held = document.activeElement;
      if (held === document.body || !isSeen(held)) ground()?.focus();
    });
  }
  setInterval(() => view && tick(view), LOOK_MS);
  setInterval(() => view && showNotices(view, unavailable), 5 * LOOK_MS);
  useLock();
  stream.connect();
  return { act, tell, openDialog, view: () => view };
}
