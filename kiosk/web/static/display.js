// The small display at a counter: who is called, and after a visit how it was.

import { page, words, at, say, Refusal, send } from "./talk.js";
import { serverNow, setClock } from "./clock.js";
import { followChanges } from "./stream.js";

const LOOK_MS = 250;
const THANKS_MS = 5000;
const NOTE_MS = 7000;

const scenes = [...document.querySelectorAll("[data-scene]")];
let view = null; // null while nobody knows how the counter is
let link = "connecting";
let busy = false;
let thanked = null; // the ballot that was given here, and until when that is thanked for
let noted = 0;

function scene() {
  if (view === null) return link;
  // Where no ballot would count nobody is asked for one.
  const question = page.rates && view.question;
  if (question) {
    const mine = thanked?.ballot === question.ballot;
    const until = mine ? thanked.until : Date.parse(question.until);
    if (serverNow() < until) return mine || question.rated ? "thanks" : "rate";
  }
  return view.state;
}

function show() {
  const now = scene();
  if (document.body.dataset.shows !== now) {
    document.body.dataset.shows = now;
    for (const each of scenes) each.hidden = each.dataset.scene !== now;
  }
  // Whoever was called meanwhile reads it beside what the one who leaves is asked.
  const both = (now === "rate" || now === "thanks") && view.state === "called";
  if (at("called-now").hidden === both) at("called-now").hidden = !both;
  const whose = both ? say("display_left", { number: view.question.number }) : words.rate;
  if (at("whose").textContent !== whose) at("whose").textContent = whose;
  if (Date.now() > noted) at("note").textContent = "";
}

function showNumber({ number, calls }) {
  for (const place of document.querySelectorAll(".number")) {
    place.textContent = number ?? "";
    place.dataset.letters = Math.min(9, Math.max(4, number?.length ?? 4));
  }
  // The same number once more is a call once more: what tells of it begins anew.
  const told = document.querySelector("main");
  const call = `${number} ${calls}`;
  if (told.dataset.call === call) return;
  told.dataset.call = call;
  told.toggleAttribute("data-again", !told.hasAttribute("data-again"));
}

function hear(said) {
  view = said;
  setClock(view.at);
  showNumber(view);
  at("clerk-name").textContent = view.clerk ?? "";
  at("clerk").hidden = view.clerk === null;
  at("services").textContent = view.services.map((code) => page.services[code] ?? code).join(" · ");
  show();
}

function note(text) {
  at("note").textContent = text;
  noted = Date.now() + NOTE_MS;
}

// A second press while the first is on its way is the same press.
async function vote(level) {
  if (busy || scene() !== "rate") return;
  const { ballot } = view.question;
  busy = true;
  document.body.toggleAttribute("data-busy", true);
  try {
    await send("POST", `/api/counters/${page.counter}/rating`, { ballot, level });
    thank(ballot);
  } catch (error) {
    const lost = !(error instanceof Refusal);
    note(lost ? words.no_answer : error.message);
    if (lost) stream.connect();
    if (error.code === "already_rated") thank(ballot);
  } finally {
    busy = false;
    document.body.toggleAttribute("data-busy", false);
    show();
  }
}

function thank(ballot) {
  thanked = { ballot, until: serverNow() + THANKS_MS };
}

at("levels").addEventListener("click", ({ target }) => {
  const level = target.closest("[data-level]")?.dataset.level;
  if (level) vote(level);
});

// No device of the hall any more: the page, loaded again, says where to enrol it.
function over(error) {
  const stranger = error instanceof Refusal && error.status === 401;
  if (stranger) location.reload();
  return stranger;
}

const stream = followChanges({
  path: `/api/counters/${page.counter}/display`,
  hear: { display: hear },
  link: (state) => {
    link = state;
    if (state === "lost") view = null;
    show();
  },
  trouble: () => {},
  ended: () => location.reload(),
  unlock: () => {},
  over,
});
setInterval(show, LOOK_MS);
stream.connect();
