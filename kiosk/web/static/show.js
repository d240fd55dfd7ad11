// What the clerk sees: the state that the stream told, put into the page.

import { page, words, at, say, element } from "./talk.js";

const QUEUED_MS = 10000;

const lasting = (key, n) => (n ? say(key, { n }) : words.just_now);
const serviceName = (code) => page.services[code] ?? code;

// A moment's hour and minute, as the office's clock has them.
export const clockOf = (moment) => moment.slice(11, 16);

// The server's clock less ours, in ms, so that an hour of skew shows no wrong wait.
let clockAhead = 0;

export function setClock(moment) {
  clockAhead = Date.parse(moment) - Date.now();
}

export const serverNow = () => Date.now() + clockAhead;
const since = (moment) => Math.max(0, serverNow() - Date.parse(moment));

export function showLink(state) {
  if (at("link").dataset.state === state) return;
  at("link").dataset.state = state;
  at("link-text").textContent = words[`link.${state}`];
}

function startOf({ current, paused }) {
  if (current) return current.state === "serving" ? current.started_at : current.called_at;
  return paused?.since;
}

export function showTimer(view) {
  const from = view && startOf(view);
  at("timer").hidden = !from;
  if (!from) return;
  const seconds = Math.floor(since(from) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const told = `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
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

function showPresent({ current: ticket, paused }) {
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
  at("continue").hidden = paused === null;
  at("moves").hidden = at("pause").hidden = paused !== null;
  document.title = say("title", { number: ticket?.number ?? "–", counter: page.counter });
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

function showNext({ current, paused, waiting }) {
  const first = waiting[0];
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

const placed = (name, { kiosk }) => (kiosk === page.kiosk ? name : `${name} (${kiosk})`);
const listed = (numbers) => numbers.slice(0, 5).join(", ") + (numbers.length > 5 ? ", …" : "");

export function showNotices(view, unavailable) {
  const told = [];
  if (unavailable) told.push(page.unavailable[unavailable] ?? words.refused);
  for (const device of view?.devices ?? []) {
    if (device.state === "ok") continue;
    const name = page.devices[device.name] ?? device.name;
    told.push(say("device", { device: placed(name, device), reason: page.devices[device.reason] ?? device.reason }));
  }
  for (const state of ["unknown", "failed", "queued"]) {
    const jobs = (view?.jobs ?? []).filter(
      (job) => job.state === state && isOpen(job),
    );
    const numbers = jobs.map((job) => placed(nameOf(job), job));
    if (numbers.length) told.push(say(`job_${state}`, { number: listed(numbers) }));
  }
  for (const [key, services] of warnedLines(view?.warnings ?? [])) {
    const [warning, time] = key.split("|");
    told.push(say(`line_${warning}`, { service: services.join(", "), time }));
  }
  for (const { warning, counter, people, numbers } of view?.warnings ?? []) {
    if (warning === "sent_to_closed") told.push(say(warning, { n: people, counter }));
    if (warning === "kept_at_closed") told.push(say(warning, { numbers: listed(numbers), counter }));
  }
  const shown = [...at("notices").children].map((row) => row.textContent);
  if (shown.join("\n") === told.join("\n")) return;
  at("notices").replaceChildren(...told.map((text) => element("li", "", text)));
  at("notices").hidden = told.length === 0;
}

// The services with the same warning until the same time stand in one notice.
function warnedLines(warnings) {
  const lines = new Map();
  for (const { service, warning, ends_at } of warnings.filter((known) => known.service)) {
    const key = `${warning}|${warning !== "no_counter" && ends_at ? clockOf(ends_at) : ""}`;
    lines.set(key, [...(lines.get(key) ?? []), serviceName(service)]);
  }
  return lines;
}

export function showView(view) {
  showPresent(view);
  showNext(view);
  showPeople(view);
  showSlips(view);
  showTimer(view);
  showUndo(view);
}

// The appointments of today, those still to come first.
// What a clerk can say of a slip, by what is known of it.
const SAYABLE = {
  queued: ["drop"],
  unknown: ["printed", "reprint", "drop"],
  failed: ["printed", "reprint", "drop"],
};

// A ticket that was dropped, or said to have come out, by mistake; what a form says is forgotten then.
const mendable = (job, said) => (job.number && (said === "drop" || said === "printed") ? ["reprint"] : []);

// A slip on its way to a printer that prints is nobody's worry.
const isOpen = ({ state, created_at }) =>
  state !== "sending" && (state !== "queued" || since(created_at) > QUEUED_MS);

// The rows while the dialog is open, by the id of the slip: none goes or moves under a finger.
const slipRows = new Map();

export function showSlips({ jobs: all }) {
  const jobs = all.filter(isOpen);
  at("slips-open").hidden = jobs.length === 0;
  at("slips-count").textContent = jobs.length;
  if (!at("slips").open) {
    slipRows.clear();
    at("slip-list").replaceChildren();
  }
  const open = new Set(jobs.map(({ id }) => id));
  const saidOf = (id) => (slipRows.get(id)?.said === "else" ? undefined : slipRows.get(id)?.said);
  for (const job of jobs) putSlip(job.id, { job, said: saidOf(job.id) });
  for (const [id, { job, said }] of slipRows) if (!open.has(id)) putSlip(id, { job, said: said ?? "else" });
  at("slips-none").hidden = slipRows.size > 0;
}

// What became of a slip stands in its row until the dialog is closed, so that a slip of the hand can be mended.
export function showSaid(id, said) {
  const known = slipRows.get(id);
  if (known) putSlip(id, { job: known.job, said });
}

function putSlip(id, { job, said }) {
  const known = slipRows.get(id);
  const told = JSON.stringify([job, said]);
  if (known?.told === told) return;
  const row = slipRow(job, said);
  if (known) {
    row.style.minHeight = `${known.row.getBoundingClientRect().height}px`;
    known.row.replaceWith(row);
  } else at("slip-list").append(row);
  slipRows.set(id, { job, said, told, row });
}

const whyOf = (reason) => words[`slips.why.${reason}`] ?? page.devices[reason] ?? words["slips.why.undrawable"];

const nameOf = (job) => job.number ?? [words[`slip.${job.slip}`], job.dossier].filter(Boolean).join(" ");

function slipRow(job, said) {
  const row = element("li");
  const number = nameOf(job);
  const what = element("span", "what");
  what.append(element("span", "service", words[said ? `slips.done.${said}` : `slips.state.${job.state}`]), element("span", "chip", clockOf(job.created_at)));
  if (job.kiosk !== page.kiosk) what.append(element("span", "chip", job.kiosk));
  row.append(element("span", "who", number), what);
  row.dataset.job = job.id;
  row.toggleAttribute("data-done", said !== undefined);
  const says = element("span", "says");
  for (const sayable of said ? mendable(job, said) : SAYABLE[job.state]) {
    const button = element("button", "button", words[`slips.${sayable}`]);
    button.type = "button";
    Object.assign(button.dataset, { said: sayable, job: job.id });
    button.setAttribute("aria-label", `${words[`slips.${sayable}`]} ${number}`);
    says.append(button);
  }
  if (says.childElementCount) row.append(says);
  if (job.reason && !said) row.append(element("span", "why", whyOf(job.reason)));
  return row;
}

export function showBooked(appointments) {
  const order = { booked: 0, arrived: 1, missed: 2, cancelled: 2 };
  const sorted = [...appointments].sort((a, b) => order[a.state] - order[b.state]);
  at("booked").replaceChildren(...sorted.map(bookedRow));
  at("booked-none").hidden = sorted.length > 0;
}

function bookedRow(booked) {
  const row = element("li");
  const what = element("span", "what");
  what.append(element("span", "service", serviceName(booked.service)), element("span", "chip", booked.code));
  row.append(element("span", "who", clockOf(booked.due_at)), what);
  if (booked.state !== "booked") {
    row.append(element("span", "quiet", words[`appointments.state.${booked.state}`]));
    return row;
  }
  const button = element("button", "button", words["appointments.check_in"]);
  button.type = "button";
  button.dataset.checkIn = booked.code;
  button.setAttribute("aria-label", `${words["appointments.check_in"]} ${clockOf(booked.due_at)} ${booked.code}`);
  row.append(button);
  return row;
}
