// The supervisor's page: the hall as it is now, and what can be ordered in it.

import { page, words, at, say, element, Refusal, send } from "./talk.js";
import { clockOf, lasting, since, stopwatch } from "./clock.js";
import { showDevices } from "./devices.js";
import { serviceName } from "./notices.js";
import { showSlips, useSlips } from "./slips.js";
import { usePriority } from "./priority.js";
import { useWork } from "./work.js";

const AT_WORK = new Set(["called", "serving", "free"]);
const TITLE = document.title;
const ONE_DECIMAL = new Intl.NumberFormat(page.lang, { minimumFractionDigits: 1 });

const desks = new Map(); // each counter's card, by its number
const lines = new Map(); // each service's row, by its code
let chosen = null; // the counter whose dialog is open
let seen = []; // what it took when the dialog was opened

const work = useWork({ show, tick, placeOf });
const slips = useSlips({ ...work, act: (_, doing) => work.act(doing) });

// An alarm that is answered can be ended, a limit that is lifted bound again.
function placeOf({ dataset: { answer, service } }) {
  if (answer) return at("alarms").querySelector(`[data-end="${CSS.escape(answer)}"]`);
  return service ? at("lines").querySelector(`[data-service="${CSS.escape(service)}"]`) : null;
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function show(view) {
  showTallies(view);
  showRatings(view);
  showAlarms(view);
  const rated = new Map(view.ratings?.counters.map((each) => [each.counter, each]));
  for (const counter of view.counters) showDesk(counter, rated.get(counter.number));
  for (const line of view.lines) showLine(line);
  showSlips(view);
  showDevices(view);
  if (at("priority-open")) at("priority-open").disabled = false;
  if (chosen !== null && at("counter").open) showOrders();
}

function showTallies({ counters, lines: all }) {
  const sum = (name) => all.reduce((total, line) => total + line[name], 0);
  const tallies = {
    waiting: sum("waiting"),
    overdue: sum("overdue"),
    open: `${counters.filter(({ state }) => AT_WORK.has(state)).length}/${counters.length}`,
    given: sum("given"),
  };
  for (const [name, figure] of Object.entries(tallies)) put(at(`tally-${name}`).querySelector("[data-figure]"), String(figure));
  at("tally-overdue").toggleAttribute("data-late", tallies.overdue > 0);
}

const percent = (share) => say("hall_share", { n: ONE_DECIMAL.format(share) });

function showRatings({ ratings }) {
  if (!ratings) return;
  const { ballots, satisfied } = ratings;
  put(at("tally-rating").querySelector("[data-figure]"), satisfied === null ? "–" : percent(satisfied));
  put(at("ballots"), say("hall_ballots", { n: ballots }));
}

function showAlarms({ alarms }) {
  const told = JSON.stringify(alarms);
  if (at("alarms").dataset.told !== told) {
    at("alarms").dataset.told = told;
    at("alarms").replaceChildren(...alarms.map(alarmRow));
  }
  const open = alarms.filter(({ answered_by }) => answered_by === null).length;
  document.title = open ? `(${open}) ${TITLE}` : TITLE;
}

function alarmRow(alarm) {
  const row = element("li");
  const facts = { counter: alarm.counter, name: alarm.clerk, time: clockOf(alarm.raised_at) };
  const told = element("span", "what", say("hall_alarm", facts));
  if (alarm.answered_by) told.append(" ", element("span", "chip", say("alarm_answered", { name: alarm.answered_by })));
  row.append(told);
  if (page.may.direct) {
    if (!alarm.answered_by) row.append(button(words["hall.alarm.answer"], { answer: alarm.counter }));
    row.append(button(words["hall.alarm.end"], { end: alarm.counter }));
  }
  return row;
}

function button(label, data, told = label) {
  const made = element("button", "button", label);
  made.type = "button";
  Object.assign(made.dataset, data);
  made.setAttribute("aria-label", told);
  return made;
}

function newDesk({ number }) {
  const card = element("li", "card");
  const head = element("div", "line");
  head.append(element("h3", "", say("counter", { n: number })), element("span", "chip state"));
  const now = element("p", "line now");
  now.append(element("strong", "ticket"), element("span", "timer"));
  card.append(head, now, element("p", "who"), element("p", "takes quiet"), element("p", "rated quiet"), element("p", "marks"));
  if (page.may.direct) card.append(button(words["hall.arrange"], { arrange: number }, say("hall_arrange", { n: number })));
  at("counters").append(card);
  desks.set(number, card);
  return card;
}

function showDesk(counter, rated) {
  const card = desks.get(counter.number) ?? newDesk(counter);
  const part = (name) => card.querySelector(`.${name}`);
  card.dataset.state = counter.state;
  put(part("state"), words[`hall.state.${counter.state}`]);
  const reason = counter.reason && (page.reasons.pause[counter.reason] ?? counter.reason);
  put(part("ticket"), counter.ticket ?? (reason || "–"));
  part("ticket").toggleAttribute("data-empty", !counter.ticket);
  if (counter.since) part("timer").dataset.from = counter.since;
  else delete part("timer").dataset.from;
  put(part("who"), counter.clerk ?? words["hall.nobody"]);
  const takes = counter.services.map(serviceName).join(", ");
  put(part("takes"), counter.changed ? say("hall_changed", { services: takes }) : takes);
  put(part("rated"), rated ? say("hall_rated", { share: percent(rated.satisfied), n: rated.ballots }) : "");
  part("rated").hidden = !rated;
  const marks = [];
  if (counter.sent) marks.push(say("hall_sent", { n: counter.sent }));
  if (counter.kept.length) marks.push(say("hall_kept", { numbers: counter.kept.join(", ") }));
  if (counter.closed && counter.state !== "closed") marks.push(words["hall.closing"]);
  put(part("marks"), marks.join(" · "));
  part("marks").hidden = marks.length === 0;
}

function newLine({ service }) {
  const row = element("tr");
  const name = element("th", "", serviceName(service));
  name.scope = "row";
  row.append(name, ...["waiting", "longest", "open", "given"].map((kind) => element("td", `number ${kind}`)));
  row.append(element("td", "limit"));
  at("lines").append(row);
  lines.set(service, row);
  return row;
}

function showLine(line) {
  const row = lines.get(line.service) ?? newLine(line);
  const cell = (name) => row.querySelector(`.${name}`);
  put(cell("waiting"), String(line.waiting));
  const longest = cell("longest");
  if (line.longest) longest.dataset.longest = line.longest;
  else delete longest.dataset.longest;
  longest.dataset.target = line.target ?? "";
  put(cell("open"), String(line.open_counters.length));
  cell("open").toggleAttribute("data-late", line.waiting > 0 && line.open_counters.length === 0);
  put(cell("given"), line.limit ? `${line.given}/${line.limit}` : String(line.given));
  const told = [line.limited, line.lifted, line.refusal].join();
  if (cell("limit").dataset.told === told) return;
  cell("limit").dataset.told = told;
  const parts = [];
  if (line.refusal) parts.push(element("span", "chip late", words[`hall.refusal.${line.refusal}`]));
  if (line.lifted) parts.push(element("span", "chip", words["hall.lifted"]));
  if (line.limited && page.may.direct) {
    const how = line.lifted ? "bind" : "lift";
    parts.push(button(words[`hall.${how}`], { limit: how, service: line.service }, `${words[`hall.${how}`]}: ${serviceName(line.service)}`));
  }
  if (line.refusal === "service_paused" && page.may.direct) {
    parts.push(button(words["hall.continue"], { limit: "continue", service: line.service }, `${words["hall.continue"]}: ${serviceName(line.service)}`));
  }
  cell("limit").replaceChildren(...parts);
}

function tick() {
  for (const timer of document.querySelectorAll(".desks .timer")) put(timer, timer.dataset.from ? stopwatch(timer.dataset.from) : "");
  for (const cell of document.querySelectorAll("#lines .longest")) {
    const { longest, target } = cell.dataset;
    put(cell, longest ? lasting("minutes", Math.floor(since(longest) / 60000)) : "–");
    cell.toggleAttribute("data-late", Boolean(longest && target && since(longest) > target * 60000));
  }
}

// One counter's orders

function openOrders(number) {
  chosen = number;
  work.openDialog("counter");
  at("counter-title").textContent = say("counter", { n: number });
  tickServices();
  showOrders();
}

function tickServices() {
  seen = counterOf().services;
  for (const box of at("counter-services").querySelectorAll("[name=service]")) box.checked = seen.includes(box.value);
}

const counterOf = () => work.view().counters.find(({ number }) => number === chosen);

function showOrders() {
  const counter = counterOf();
  const told = [words[`hall.state.${counter.state}`], counter.clerk, counter.ticket].filter(Boolean).join(" · ");
  put(at("counter-told"), told);
  const order = (name) => at("counter").querySelector(`[data-order=${name}]`);
  order("close").hidden = counter.closed;
  order("open").hidden = !counter.closed;
  order("free").hidden = counter.clerk === null;
}

function give(order) {
  const number = chosen;
  return work.act(async () => {
    await send("POST", `/api/hall/counters/${number}/${order}`);
    at("counter").close();
  }, words[`hall.done.${order}`]);
}

function saveServices(event) {
  event.preventDefault();
  const boxes = [...event.target.querySelectorAll("[name=service]:checked")];
  const ticked = boxes.map(({ value }) => value);
  if (!ticked.length) {
    event.target.querySelector(".alert").textContent = words["hall.no_services"];
    return;
  }
  // In the order that it has now; what is new comes after.
  const kept = seen.filter((code) => ticked.includes(code));
  const services = [...kept, ...ticked.filter((code) => !kept.includes(code))];
  work.act(async () => {
    try {
      await send("POST", `/api/hall/counters/${chosen}/services`, { services, before: seen });
    } catch (error) {
      if (error instanceof Refusal && error.code === "arranged_since") tickServices();
      throw error;
    }
    at("counter").close();
  }, words["hall.done.services"]);
}

at("counters").addEventListener("click", ({ target }) => {
  const number = target.closest("[data-arrange]")?.dataset.arrange;
  if (number) openOrders(Number(number));
});
at("counter").addEventListener("click", ({ target }) => {
  const order = target.closest("[data-order]")?.dataset.order;
  if (order) give(order);
});
at("counter-services").addEventListener("submit", saveServices);
at("alarms").addEventListener("click", ({ target }) => {
  const { answer, end } = target.closest("button")?.dataset ?? {};
  if (answer) work.act(() => send("POST", `/api/hall/alarms/${answer}/answer`), words["hall.done.answer"]);
  if (end) work.act(() => send("DELETE", `/api/hall/alarms/${end}`), words["hall.done.end"]);
});
at("lines").addEventListener("click", ({ target }) => {
  const { limit, service } = target.closest("button")?.dataset ?? {};
  if (limit) work.act(() => send("POST", `/api/hall/services/${encodeURIComponent(service)}/${limit}`), words[`hall.done.${limit}`]);
});
at("slips-open").addEventListener("click", () => slips.open());
at("slips").addEventListener("click", ({ target, detail }) => {
  const said = target.closest("[data-said]");
  if (said) slips.say(said.dataset, detail === 0);
});
usePriority(work);
