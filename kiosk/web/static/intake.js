// The page of the intake: a dossier is taken in, and those that are held here are found and moved.

import { page, words, at, say, element, keepFocus, Refusal, send } from "./talk.js";
import { dateOf, momentOf, useForm } from "./intake_form.js";
import { useDossier } from "./intake_dossier.js";
import { useWork } from "./work.js";

const SEARCH_MS = 200;
const AGAIN_SECONDS = 20;

const work = useWork({ show, tick, hears: page.counter === null ? "hall" : "counter" });
const offset = () => work.view().at.match(/(?:Z|[+-]\d\d:\d\d)$/)[0];
const form = useForm({ act: work.act, quietly, offset });
const dossier = useDossier({ ...work, offset, changed: () => quietly(list) });
let ticket = null; // who is at this counter
let unfinished = null; // the order whose answer never came, and its id
let done = null; // the code of the last one
let timer = null;
let looks = 0;
let seconds = 0;

// What is only shown may fail in silence: the line above says that the link is lost.
async function quietly(doing) {
  try {
    await doing();
  } catch (error) {
    if (error instanceof Refusal) at("alert").textContent = error.message;
  }
}

function show({ current }) {
  ticket = current ?? null;
  at("at-counter").hidden = !ticket;
  at("at-counter").textContent = ticket ? say("intake_ticket", { number: ticket.number }) : "";
}

function tick() {
  seconds += 1;
  if (seconds % AGAIN_SECONDS === 0 && !document.querySelector("dialog[open]")) quietly(list);
}

// The list

async function list() {
  const mine = ++looks;
  const text = at("find").value.slice(0, 120);
  const only = text.trim() ? "" : document.querySelector("#only :checked").value;
  const found = await send("POST", "/api/intake/find", { text, only });
  if (mine !== looks) return;
  for (const name of ["open", "late", "today", "ready"]) {
    document.querySelector(`[data-tally=${name}]`).textContent = found[name];
  }
  keepFocus(
    () => at("dossiers").replaceChildren(...found.dossiers.map(line)),
    (held) => at("dossiers").querySelector(`[data-code="${CSS.escape(held.dataset.code ?? "")}"]`) ?? at("find"),
  );
  const shown = found.dossiers.length;
  const told = shown < found.total ? say("intake_found", { n: shown, total: found.total }) : "";
  at("dossiers-told").textContent = shown ? told : words[text.trim() ? "intake.none.found" : "intake.none"];
}

function line(one) {
  const row = element("li");
  const button = element("button", "held-one");
  button.type = "button";
  button.dataset.code = one.code;
  const head = element("span", "line");
  head.append(element("strong", "", one.code));
  const due = one.promised_at ? dateOf(one.promised_at) : "";
  const state = element("span", one.timing === "late" ? "chip late" : "chip", one.timing ? words[`intake.timing.${one.timing}`] : one.status_name);
  head.append(state);
  button.append(head, element("span", "", one.owner), element("span", "quiet", one.procedure_name));
  const facts = [one.phone, due && say("intake_due_on", { date: due })].filter(Boolean).join(" · ");
  if (facts) button.append(element("span", "quiet", facts));
  row.append(button);
  return row;
}

// The intake

function review() {
  if (!form.check()) return;
  work.openDialog("review");
  form.review();
  at("receive").focus();
}

function requestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// An order that got no answer is sent again under the same id: nobody's papers become two dossiers.
function receive() {
  const order = form.order();
  const told = JSON.stringify(order);
  if (unfinished?.told !== told) unfinished = { told, request_id: requestId() };
  const { request_id } = unfinished;
  work.act(async () => {
    let answer;
    try {
      answer = await send("POST", "/api/intake", { ...order, request_id, ...(ticket ? { ticket: ticket.id } : {}) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      at("review").close();
      if (!form.refused(error)) throw error;
      return;
    }
    unfinished = null;
    showReceived(answer);
  });
}

function showReceived({ code, due_at: due }) {
  done = code;
  at("review").close();
  form.clear();
  at("taking").hidden = true;
  at("received").hidden = false;
  at("received-code").textContent = code;
  at("received-due").textContent = due ? say("intake_due_on", { date: momentOf(due) }) : "";
  at("received-told").textContent = "";
  work.tell(say("intake_received_aloud", { code }));
  at("another").focus();
  quietly(list);
}

function startAnew() {
  at("received").hidden = true;
  at("taking").hidden = false;
  at("procedure").focus();
}

at("taking").addEventListener("submit", (event) => {
  event.preventDefault();
  review();
});
at("receive").addEventListener("click", receive);
at("another").addEventListener("click", startAnew);
at("again").addEventListener("click", () => dossier.again(done, at("received-told")));
at("look").addEventListener("click", () => dossier.open(done));
// A receipt that is scanned ends with Enter: what is found alone is opened.
at("finding").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  quietly(async () => {
    await list();
    const found = at("dossiers").querySelectorAll("[data-code]");
    if (at("find").value.trim() && found.length === 1) await dossier.open(found[0].dataset.code);
  });
});
at("find").addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => quietly(list), SEARCH_MS);
});
at("only").addEventListener("change", () => {
  at("find").value = "";
  quietly(list);
});
at("dossiers").addEventListener("click", ({ target }) => {
  const code = target.closest("[data-code]")?.dataset.code;
  if (code) dossier.open(code);
});
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.altKey || event.metaKey) return;
  if (event.key === "F2") {
    event.preventDefault();
    if (at("taking").hidden) startAnew();
    else at("procedure").focus();
  } else if (event.key === "F4") {
    event.preventDefault();
    at("find").focus();
    at("find").select();
  } else if (/^\p{L}$/u.test(event.key) && !event.ctrlKey && !event.target.matches("input:not([type=checkbox], [type=radio]), select")) {
    // The code of a receipt that is scanned while no field has the focus.
    at("find").value = "";
    at("find").focus();
  } else if (event.key === "Enter" && event.ctrlKey && !at("taking").hidden) {
    event.preventDefault();
    review();
  }
});
quietly(list);
