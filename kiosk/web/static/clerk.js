// The clerk's page: shows what the stream of changes says, and sends what the clerk does.
// Nothing is assumed: after a lost answer the state is read again.

import { page, words, at, say, isSeen, isStale, keepFocus, pause, Refusal, send, reload } from "./talk.js";
import { setClock } from "./clock.js";
import { showLink, showNotices } from "./notices.js";
import { showMinutes, showTimer, showUndo, showView } from "./show.js";
import { followChanges } from "./stream.js";
import { useDialogs } from "./dialogs.js";
import { isOver, useLock } from "./lock.js";

const AGAIN_MS = 1500;
const TWICE_MS = 400; // so soon nobody has seen who was called: a hand that trembles presses twice
const TRIES = 3;

function runDesk() {
  const next = at("next");
  const ask = useDialogs({ act, move, sendMove, tell, showCalled, signOut, view: () => view });
  const moves = [...at("moves").querySelectorAll("[data-move]")];
  const tools = [...document.querySelectorAll("[data-tool]")];
  const legal = {
    called: new Set(["recall", "start", "no-show", "transfer", "park", "finish"]),
    serving: new Set(["transfer", "park", "finish"]),
  };

  let view = null;
  let busy = null; // the name of what is on its way
  let kept = null; // the last key that was pressed meanwhile
  let holder = null; // what had the focus when it began, so that Space stays its key
  let unfinished = null; // the body of a "next" whose answer never came
  let unavailable = null;
  let newest = 0; // the last event of which an answer told
  let called = -Infinity; // when somebody was called, and nothing else done since
  let resting = 0;
  let byPointer = true; // after a click, Space belongs to the big key again

  function showActions() {
    const known = view !== null && !busy;
    const calling = known && !view.paused && !view.closed;
    const allowed = legal[view?.current?.state] ?? new Set();
    for (const button of moves) button.disabled = !(known && allowed.has(button.dataset.move));
    for (const button of tools) button.disabled = !known;
    for (const button of document.querySelectorAll(".target, dialog:not(#lock) [type=submit], [data-check-in], [data-return]")) {
      button.disabled = !known;
    }
    for (const button of document.querySelectorAll("[data-resume]")) button.disabled = !calling;
    next.disabled = at("call-open").disabled = !calling;
    next.toggleAttribute("data-busy", busy !== null);
    at("sign-out").disabled = busy !== null;
  }

  function drawAll() {
    if (view) showView(view);
    showNotices(view, unavailable);
    showActions();
  }

  // What is on its way gives the focus back itself.
  const showAll = () => (busy ? drawAll() : keepFocus(drawAll, ground));

  // Where the focus goes when what had it is gone: where Space calls, or else does nothing.
  const ground = () =>
    document.querySelector("dialog[open] [data-close]") ?? (next.disabled ? at("present-state") : next);

  // Whom the clerk sees at the counter: a call ends that visit, and no other one.
  const present = () => view.current?.id ?? null;

  const alert = () => document.querySelector("dialog[open] .alert") ?? at("alert");

  // Doing

  async function act(name, work) {
    if (busy || !view) return;
    noteCall(name === "next");
    holder = byPointer ? next : document.activeElement;
    busy = name;
    alert().textContent = "";
    showActions();
    try {
      await work();
    } catch (error) {
      kept = null; // it was meant for what did not happen
      noteCall(false);
      if (name === "sign-out" && error instanceof Refusal && error.status === 401) return reload();
      if (isOver(error)) return;
      const lost = !(error instanceof Refusal);
      alert().textContent = lost ? words["link.no_answer"] : error.message;
      if (lost) connect();
    } finally {
      busy = null;
      showAll();
      (isSeen(holder) && !holder.disabled ? holder : ground()).focus({ preventScroll: true });
    }
    const then = kept;
    kept = null;
    if (then) pressKey(then);
    else isStale(view.mark);
  }

  // The big key right after a call is the same press, also when the answer was quicker than the hand.
  function noteCall(calls) {
    called = calls ? performance.now() : -Infinity;
    clearTimeout(resting);
    next.toggleAttribute("data-resting", calls);
    resting = setTimeout(() => next.removeAttribute("data-resting"), TWICE_MS);
  }

  // While an answer is on its way a key waits for it; the same key once more is the same press.
  function pressKey(name) {
    if (busy) {
      if (name !== busy) kept = name;
    } else if (name === "next") {
      if (!next.disabled) pressNext();
    } else {
      const named = ({ dataset }) => dataset.move === name || dataset.tool === name;
      const button = [...moves, ...tools].find((known) => named(known) && !known.hidden);
      if (button && !button.disabled) press(name);
      else if (button && view && !view.current && !view.paused && moves.includes(button)) {
        at("alert").textContent = words["move.nobody"];
      }
    }
  }

  async function sendMove(name, body) {
    const ticket = await send("POST", `/api/counters/${page.counter}/${name}`, body);
    newest = Math.max(newest, ticket?.version ?? 0);
    return ticket;
  }

  // A press that got no answer is repeated under the same id, so nobody is called twice.
  async function callNext() {
    const before = view;
    unfinished ??= { request_id: requestId(), present: present() };
    for (let n = 1; ; n += 1) {
      try {
        const ticket = await sendMove("next", unfinished);
        unfinished = null;
        if (ticket) showCalled(ticket);
        else {
          change(null, () => ({ ...view, current: null, waiting: [], waiting_total: 0 }), before);
          tell(words["next.nobody"]);
        }
        return;
      } catch (error) {
        if (error instanceof Refusal) {
          unfinished = null;
          throw error;
        }
        if (n === TRIES) throw error;
        showLink("lost");
        await pause(AGAIN_MS);
      }
    }
  }

  function requestId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function tell(text) {
    at("told").textContent = text;
  }

  function without(ticket) {
    const others = (list) => list.filter(({ id }) => id !== ticket);
    const { waiting, parked, missed } = view;
    return { ...view, waiting: others(waiting), parked: others(parked), missed: others(missed) };
  }

  // What a move's answer changes in the view, unless the stream was quicker and the view knows of it, and perhaps of more.
  // An answer without a ticket has no version: it is old where anything came since the view that was there before.
  function change(ticket, changed, before) {
    if (ticket ? view.seq < ticket.version : view === before) view = changed();
  }

  function showCalled(ticket) {
    change(ticket, () => ({ ...without(ticket.id), current: ticket }));
    tell(say("announce", { number: ticket.number }));
  }

  function pressNext() {
    if (performance.now() - called >= TWICE_MS) act("next", callNext);
  }

  // A call like the next one: an Enter too many on its button must not call another.
  function resume(ticket) {
    return act("next", async () => {
      showCalled(await sendMove("resume", { ticket, present: present() }));
    });
  }

  // A missed call goes to the end of the line, as it does by the ticket machine.
  function putBack(ticket) {
    const keep_place = view.parked.some(({ id }) => id === ticket);
    return act("return", async () => {
      const returned = await sendMove("return", { ticket, keep_place });
      change(returned, () => without(ticket));
      tell(words["done.return"]);
    });
  }

  function move(name, body = {}) {
    return act(name, async () => {
      const ticket = await sendMove(name, { ticket: view.current?.id, ...body });
      const here = ticket.state === "called" || ticket.state === "serving";
      change(ticket, () => ({ ...view, current: here ? ticket : null }));
      tell(words[`done.${name}`]);
    });
  }

  const press = (name) => presses[name]();

  const presses = {
    recall: () => move("recall"),
    start: () => move("start"),
    "no-show": () => move("no-show"),
    transfer: () => ask.openDialog("transfer"),
    park: () => ask.openDialog("hold"),
    note: () => (view.current ? ask.openDialog("noting") : (at("alert").textContent = words["note.nobody"])),
    finish: () => (at("outcome") ? ask.openDialog("outcome") : move("finish")),
    call: () => ask.openCall(),
    appointments: () => ask.openAppointments(),
    slips: () => ask.openSlips(),
    pause: () => pauseOrGoOn(),
    undo: () => undo(),
    alarm: () => (view.alarm ? ask.openDialog("alarming") : raiseAlarm()),
  };

  function pauseOrGoOn() {
    if (!view.paused && view.current) at("alert").textContent = words["pause.somebody"];
    else if (!view.paused) ask.openDialog("pausing");
    else {
      act("continue", async () => {
        await send("POST", `/api/counters/${page.counter}/continue`);
        view = { ...view, paused: null };
        tell(words["done.continue"]);
      });
    }
  }

  function undo() {
    return act("undo", async () => {
      const before = view;
      const ticket = await sendMove("undo");
      change(ticket, () => ({ ...view, current: ticket, undo: null }), before);
      tell(words["done.undo"]);
    });
  }

  function raiseAlarm() {
    return act("alarm", async () => {
      await send("POST", `/api/counters/${page.counter}/alarm`);
      tell(words["done.alarm"]);
    });
  }

  const askBeforeSignOut = () => (view?.current?.state === "serving" ? ask.openLeaving() : signOut());

  async function signOut() {
    await act("sign-out", async () => {
      await send("DELETE", "/api/session");
      stream.close(); // what it says now is no news
      kept = null;
      reload();
    });
  }

  // Keys: letters by their place on the keyboard, so that Telex and Caps Lock change nothing.

  function letterOf(event) {
    return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1] ?? event.key.toUpperCase();
  }

  function onKey(event) {
    const letter = letterOf(event);
    const takeBack = event.ctrlKey && !event.altKey && !event.metaKey && letter === "Z";
    if ((event.ctrlKey || event.altKey || event.metaKey) && !takeBack) return;
    if (ask.onKey(event, letter)) return;
    if (event.code === "Space" || event.key === "Enter") {
      const from = busy && isSeen(holder) ? holder : document.activeElement;
      const elsewhere = from?.closest?.("button, a");
      if (elsewhere && elsewhere !== next) return;
      event.preventDefault();
      if (!event.repeat) pressKey("next");
      return;
    }
    const wanted = takeBack ? page.keys.undo : letter;
    if (wanted === page.keys.next) {
      event.preventDefault();
      if (!event.repeat) pressKey("next");
      return;
    }
    const button = [...moves, ...tools].find((known) => known.dataset.key === wanted);
    if (!button || event.repeat) return;
    event.preventDefault();
    pressKey(button.dataset.move ?? button.dataset.tool);
  }

  // Space on the focused big key has been answered when it went down.
  function onKeyUp(event) {
    if (event.code === "Space" && document.activeElement === next) event.preventDefault();
  }

  // Hearing

  // What an alert may be about. One more who waits is no reason to take it from sight.
  function situation({ current, paused, closed, waiting, parked, missed }) {
    const ids = (list) => list.map(({ id }) => id);
    const present = [current?.id, current?.state, current?.calls];
    return JSON.stringify([present, paused, closed, waiting.length > 0, ids(parked), ids(missed)]);
  }

  function onView(said) {
    if (isStale(said.mark)) return;
    if (said.seq < newest) return; // rendered before a move whose answer was here first
    if (view && situation(said) !== situation(view)) at("alert").textContent = "";
    view = said;
    setClock(view.at);
    if (!busy) unfinished = null; // what is shown is true: another press is a new one
    showAll();
  }

  function tick() {
    showTimer(view);
    if (busy) showUndo(view);
    else keepFocus(() => showUndo(view), ground);
  }

  const stream = followChanges({
    hear: { counter: onView },
    begin: () => (newest = 0),
    link: showLink,
    trouble: (code) => {
      unavailable = code;
      if (code) showNotices(view, unavailable);
    },
    ended: () => reload(busy !== "sign-out"),
  });
  const connect = stream.connect;

  next.addEventListener("click", pressNext);
  for (const button of [...moves, ...tools]) {
    button.addEventListener("click", () => press(button.dataset.move ?? button.dataset.tool));
  }
  at("kept").addEventListener("click", ({ target }) => {
    const { resume: called, return: back } = target.closest("button")?.dataset ?? {};
    if (called) resume(called);
    else if (back) putBack(back);
  });
  at("sign-out").addEventListener("click", askBeforeSignOut);
  document.addEventListener("keydown", onKey);
  document.addEventListener("keyup", onKeyUp);
  document.addEventListener("keydown", () => (byPointer = false), true);
  document.addEventListener("pointerdown", () => (byPointer = true), true);
  setInterval(tick, 250);
  setInterval(() => view && (showMinutes(), showNotices(view, unavailable)), 5000);
  useLock();
  connect();
}

runDesk();
