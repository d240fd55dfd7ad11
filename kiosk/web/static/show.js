// What the clerk sees: the state that the stream told, put into the page.

import { page, words, at, say, element, send } from "./talk.js";
import { clockOf, lasting, serverNow, since, stopwatch } from "./clock.js";
import { serviceName } from "./notices.js";
import { showSlips } from "./slips.js";

function startOf({ current, paused }) {
  if (current) return current.state === "serving" ? current.started_at : current.called_at;
  return paused?.since;
}

export function showTimer(view) {
  const from = view && startOf(view);
  at("timer").hidden = !from;
  if (!from) return;
  const told = stopwatch(from);
  if (at("timer").textContent === told) return;
  const cells = [...told].map((digit) => element("span", digit === ":" ? "colon" : "digit", digit));
  at("timer").replaceChildren(...cells);
}

export function showUndo(view) {
  const left = view?.undo && !view.paused ? Math.ceil((Date.parse(view.undo.until) - serverNow()) / 1000) : 0;
  at("undo").hidden = left <= 0;
  if (left <= 0) return;
  at("undo-what").textContent = words[`undo.${view.undo.move}`];
  at("undo-left").textContent = say("seconds", { n: left });
}

function showPresent({ current: ticket, paused, notes }) {
  const state = ticket?.state ?? (paused ? "paused" : "nobody");
  at("present-state").textContent = words[`state.${state}`];
  const reason = paused && (page.reasons.pause[paused.reason] ?? paused.reason);
  at("number").textContent = ticket?.number ?? reason ?? "–";
  at("number").toggleAttribute("data-empty", !ticket);
  at("number").toggleAttribute("data-paused", !ticket && paused !== null);
  at("facts").textContent = ticket ? factsOf(ticket) : paused ? say("pause_since", { time: clockOf(paused.since) }) : "";
  const steps = ticket?.journey ?? [];
  at("journey").hidden = steps.length === 0;
  at("journey").textContent = say("journey", { services: steps.map(serviceName).join(", ") });
  showDossier(ticket?.dossier ?? null);
  at("notes").replaceChildren(...notes.map(({ text, clerk, at: when }) => {
    const row = element("li", "", text);
    row.append(" ", element("span", "quiet", `${clerk}, ${clockOf(when)}`));
    return row;
  }));
  if (at("intake")) at("intake").hidden = !ticket;
  at("continue").hidden = paused === null;
  at("moves").hidden = at("pause").hidden = paused !== null;
  document.title = say("title", { number: ticket?.number ?? "–", counter: page.counter });
}

// The dossier for which the ticket was taken: its code at once, what is known of it as soon as that is here.
let shownDossier = null;

async function showDossier(code) {
  if (code === shownDossier) return;
  shownDossier = code;
  at("dossier").hidden = code === null;
  at("dossier").textContent = code ? say("dossier_of", { code }) : "";
  if (!code) return;
  try {
    const known = await send("POST", "/api/dossiers/lookup", { code });
    if (shownDossier !== code) return;
    const due = known.promised_at;
    const facts = [code, known.procedure_name, known.status_name];
    if (known.fee) {
      const fee = known.fee.toLocaleString(document.documentElement.lang === "vi" ? "vi-VN" : "en-GB");
      facts.push(say(known.fee_paid ? "dossier_fee_paid" : "dossier_fee", { fee }));
    }
    if (due) facts.push(say("dossier_due", { date: due.slice(0, 10).split("-").reverse().join("/") }));
    at("dossier").textContent = say("dossier_of", { code: facts.join(" · ") });
  } catch {
    // Its code stands there; the clerk looks it up where dossiers are kept.
  }
}

function factsOf(ticket) {
  const waited = Math.max(0, Date.parse(ticket.called_at) - Date.parse(ticket.waits_since));
  return [
    serviceName(ticket.service),
    lasting("waited", Math.floor(waited / 60000)),
    say("calls", { n: ticket.calls }),
    ...marksOf(ticket),
  ].join(" · ");
}

// Why it stands where it stands, in a word or two each.
function marksOf(ticket) {
  const marks = [];
  if (ticket.line === "priority") marks.push(words.priority);
  if (ticket.line === "returned") marks.push(words["line.returned"]);
  if (ticket.due_at) marks.push(say("line_appointment", { time: clockOf(ticket.due_at) }));
  if (ticket.reason === "supplement") marks.push(words.supplement);
  if (ticket.misses) marks.push(say("misses", { n: ticket.misses }));
  return marks;
}

function showNext({ current, paused, closed, waiting }) {
  const first = waiting[0];
  if (closed) {
    at("next-what").textContent = words["next.closed"];
    at("next-up").textContent = words[current ? "next.closed.finish" : "next.closed.ask"];
    return;
  }
  if (paused) {
    at("next-what").textContent = words["next.paused"];
    at("next-up").textContent = words["next.continue"];
    return;
  }
  at("next-what").textContent = words[current ? "next.finish_and_call" : "next.call"];
  at("next-up").textContent = first
    ? [say("next_up", { number: first.number }), ...marksOf(first)].join(" · ")
    : words["next.nobody"];
}

function person(ticket, extra) {
  const row = element("li");
  row.dataset.id = ticket.id;
  const what = element("span", "what");
  what.append(element("span", "service", serviceName(ticket.service)));
  what.append(...marksOf(ticket).map((mark) => element("span", "chip", mark)));
  row.append(element("span", "who", ticket.number), what, extra);
  return row;
}

function waitingRow(ticket) {
  const wait = element("span", "wait");
  wait.dataset.since = ticket.waits_since;
  const row = person(ticket, wait);
  const target = page.targets[ticket.service];
  if (target) {
    wait.dataset.target = target;
    const overdue = element("span", "chip late overdue", say("overdue", { n: target }));
    overdue.hidden = true;
    row.querySelector(".what").append(overdue);
  }
  return row;
}

// What can be done with one who is not here; one who was missed too long ago takes a new number.
function keptRow(ticket, list) {
  const done = element("span", "done");
  const call = doing(ticket, words[`${list}.call`]);
  call.dataset.resume = ticket.id;
  const back = doing(ticket, words["kept.return"]);
  back.dataset.return = ticket.id;
  done.append(call, back);
  const row = person(ticket, done);
  if (ticket.taken_back_until) {
    row.querySelector(".what").append(element("span", "chip late", words["missed.late"]));
    row.dataset.until = ticket.taken_back_until;
  }
  return row;
}

function doing(ticket, label) {
  const button = element("button", "button", label);
  button.type = "button";
  button.setAttribute("aria-label", `${label} ${ticket.number}`);
  return button;
}

function showKept(view, list) {
  const rows = view[list].map((ticket) => keptRow(ticket, list));
  at(`${list}-part`).hidden = rows.length === 0;
  at(list).replaceChildren(...rows);
}

function showPeople(view) {
  const { resume, return: back } = document.activeElement?.dataset ?? {};
  at("waiting-total").textContent = view.waiting_total;
  at("waiting").replaceChildren(...view.waiting.map(waitingRow));
  const more = view.waiting_total - view.waiting.length;
  at("waiting-more").textContent = more > 0 ? say("more", { n: more }) : "";
  at("coming").textContent = view.appointments_total;
  at("coming").hidden = view.appointments_total === 0;
  showKept(view, "parked");
  showKept(view, "missed");
  showMinutes();
  const key = resume ? "resume" : "return";
  if (resume ?? back) at("kept").querySelector(`[data-${key}="${CSS.escape(resume ?? back)}"]`)?.focus();
}

export function showMinutes() {
  for (const wait of document.querySelectorAll("[data-since]")) {
    const told = lasting("minutes", Math.floor(since(wait.dataset.since) / 60000));
    if (wait.textContent !== told) wait.textContent = told;
    const { target } = wait.dataset;
    if (target) wait.closest("li").querySelector(".overdue").hidden = since(wait.dataset.since) < target * 60000;
  }
  for (const row of document.querySelectorAll("[data-until]")) {
    const late = serverNow() > Date.parse(row.dataset.until);
    row.querySelector(".late").hidden = !late;
    row.querySelector(".done").hidden = late;
  }
}

function showAlarm({ alarm }) {
  const told = alarm?.answered_by ? say("alarm_answered", { name: alarm.answered_by }) : words["alarm.raised"];
  at("alarm-what").textContent = alarm ? told : words["alarm.raise"];
  at("alarm").toggleAttribute("data-raised", alarm !== null);
  at("alarming-told").textContent = alarm ? say("alarm_since", { time: clockOf(alarm.raised_at) }) : "";
}

// What a supervisor changes: the services of this counter, and where nobody would take whom a clerk sends there.
function showHall({ services, working }) {
  const told = services.map(serviceName).join(" · ");
  if (at("taken").textContent !== told) at("taken").textContent = told;
  for (const button of document.querySelectorAll("#transfer [data-counter]")) {
    button.querySelector("small").hidden = working.includes(Number(button.dataset.counter));
  }
}

export function showView(view) {
  showHall(view);
  showAlarm(view);
  showPresent(view);
  showNext(view);
  showPeople(view);
  showSlips(view);
  showTimer(view);
  showUndo(view);
}
