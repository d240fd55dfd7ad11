// The desk by the door: gives tickets, checks in appointments, finds a number and prints it again.

import { words, at, say, element, keepFocus, send } from "./talk.js";
import { clockOf } from "./clock.js";
import { serviceName } from "./notices.js";
import { useBookings } from "./bookings.js";
import { showSlips, useSlips } from "./slips.js";
import { usePriority } from "./priority.js";
import { useWork } from "./work.js";

const SHOWN = 8;

const work = useWork({ show });
const asked = { ...work, act: (_, doing) => work.act(doing) };
const slips = useSlips(asked);
const bookings = useBookings(asked);
const tools = [...document.querySelectorAll("[data-tool]")];
let unfinished = null; // the wish whose answer never came, and its id
let found = null; // the ticket that the dialog shows

function show(view) {
  for (const tool of tools) tool.disabled = false;
  for (const line of view.lines) showLine(line);
  at("coming").textContent = view.appointments_total;
  at("coming").hidden = view.appointments_total === 0;
  showSlips(view);
}

function showLine(line) {
  const button = at("services").querySelector(`[data-service="${CSS.escape(line.service)}"]`);
  if (!button) return;
  const told = [line.refusal ? words[`hall.refusal.${line.refusal}`] : say("reception_waiting", { n: line.waiting })];
  if (!line.refusal && line.open_counters.length === 0) told.push(words["reception.nobody_works"]);
  button.querySelector("[data-told]").textContent = told.join(" · ");
  button.toggleAttribute("data-refused", line.refusal !== null);
}

function requestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const classOf = () => document.querySelector("#classes [name=priority]:checked")?.value ?? "";

// A wish that got no answer is sent again under the same id, so nobody gets two numbers.
function give(service) {
  const priority = classOf();
  const reason = at("class-reason")?.value ?? "";
  if (priority && at("class-reason") && !reason) {
    at("alert").textContent = words["reception.reason_missing"];
    at("class-reason").focus();
    return;
  }
  const wish = { service, ...(priority ? { priority, ...(reason ? { reason } : {}) } : {}) };
  const told = JSON.stringify(wish);
  if (unfinished?.told !== told) unfinished = { told, request_id: requestId() };
  const { request_id } = unfinished;
  work.act(async () => {
    const place = await send("POST", "/api/tickets", { ...wish, request_id });
    unfinished = null;
    showGiven(place);
    const ordinary = document.querySelector("#classes [value='']");
    if (ordinary) ordinary.checked = true;
    showClass();
  });
}

function showGiven(place) {
  const facts = { number: place.number, service: serviceName(place.service), n: place.ahead };
  at("given").replaceChildren(element("strong", "", place.number), ` ${say("reception_given", facts)}`);
  work.tell(say("reception_given_aloud", facts));
  const row = element("li");
  row.append(element("span", "who", place.number), element("span", "what", serviceName(place.service)));
  row.append(element("span", "quiet", clockOf(place.issued_at)));
  const again = element("button", "button", words["reception.reprint"]);
  again.type = "button";
  again.dataset.number = place.id;
  again.setAttribute("aria-label", `${words["reception.reprint"]} ${place.number}`);
  row.append(again);
  at("last").prepend(row);
  while (at("last").children.length > SHOWN) at("last").lastElementChild.remove();
  at("last-none").hidden = true;
}

function reprint(number) {
  return work.act(() => send("POST", "/api/reception/reprint", { number }), words["reception.reprinted"]);
}

function showClass() {
  if (at("class-why")) at("class-why").hidden = !classOf();
}

// One number

function openFind() {
  found = null;
  at("found").textContent = "";
  at("found-moves").hidden = true;
  work.openDialog("find");
}

function showFound(place) {
  found = place;
  const facts = [place.number, serviceName(place.service), words[`reception.state.${place.state}`]];
  if (place.counter) facts.push(say("counter", { n: place.counter }));
  if (place.state === "waiting") facts.push(say("reception_ahead", { n: place.ahead }));
  at("found").textContent = facts.join(" · ");
  const legal = {
    reprint: !["cancelled", "expired"].includes(place.state),
    return: ["no_show", "parked"].includes(place.state),
    cancel: ["waiting", "parked"].includes(place.state),
  };
  keepFocus(
    () => {
      for (const [move, may] of Object.entries(legal)) at("found-moves").querySelector(`[data-found=${move}]`).hidden = !may;
      at("found-moves").hidden = false;
    },
    () => at("find-number"),
  );
}

function findNumber(event) {
  event.preventDefault();
  const number = event.target.number.value.trim();
  if (!number) {
    event.target.querySelector(".alert").textContent = words["reception.find.missing"];
    return;
  }
  at("found-moves").hidden = true;
  at("found").textContent = "";
  work.act(async () => showFound(await send("POST", "/api/reception/find", { number })));
}

function moveFound(move) {
  const { id } = found;
  work.act(async () => {
    if (move === "reprint") {
      await send("POST", "/api/reception/reprint", { number: id });
      at("found").textContent = words["reception.reprinted"];
    } else showFound(await send("POST", `/api/tickets/${id}/${move}`));
  });
}

const presses = {
  appointments: () => bookings.open(),
  find: openFind,
  slips: () => slips.open(),
};

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (document.querySelector("dialog[open]") || event.target.matches("input, select")) return;
  const letter = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1] ?? event.key.toUpperCase();
  const button = document.querySelector(`main [data-key="${CSS.escape(letter)}"]`);
  if (!button || button.hidden || button.disabled) return;
  event.preventDefault();
  // What opens a dialog has the focus when that closes; a number is given by its key alone.
  if (button.dataset.tool) button.focus();
  button.click();
}

at("services").addEventListener("click", ({ target }) => {
  const service = target.closest("[data-service]")?.dataset.service;
  if (service) give(service);
});
at("classes")?.addEventListener("change", showClass);
for (const tool of tools) if (tool.dataset.tool !== "priority") tool.addEventListener("click", () => presses[tool.dataset.tool]());
at("last").addEventListener("click", ({ target }) => {
  const number = target.closest("[data-number]")?.dataset.number;
  if (number) reprint(number);
});
at("finding").addEventListener("submit", findNumber);
at("found-moves").addEventListener("click", ({ target }) => {
  const move = target.closest("[data-found]")?.dataset.found;
  if (move) moveFound(move);
});
at("appointments").addEventListener("click", ({ target }) => {
  const code = target.closest("[data-check-in]")?.dataset.checkIn;
  if (code) bookings.checkIn(code);
});
at("booking").addEventListener("submit", (event) => {
  event.preventDefault();
  bookings.book(event.target);
});
at("slips").addEventListener("click", ({ target, detail }) => {
  const said = target.closest("[data-said]");
  if (said) slips.say(said.dataset, detail === 0);
});
document.addEventListener("keydown", onKey);
usePriority(work);
showClass();
