// The clerk's page: shows what the stream of changes says, and sends what the clerk does.
// Nothing is assumed: after a lost answer the state is read again.

const { talk } = JSON.parse(document.body.dataset.page);
const { page, words, at, say, element, pause, Refusal, send, reload } = await import(talk);

const SILENCE_MS = 15000;
const AGAIN_MS = 1500;
const TRIES = 3;
const QUEUED_MS = 10000;

function runDesk() {
  const next = at("next");
  const dialog = at("transfer");
  const moves = [...document.querySelectorAll("[data-move]")];
  const legal = {
    called: new Set(["recall", "start", "no-show", "transfer", "park", "finish"]),
    serving: new Set(["transfer", "park", "finish"]),
  };

  let view = null;
  let clockAhead = 0; // the server's clock less ours, in ms: an hour of skew shows no wrong wait
  let busy = null; // the name of what is on its way
  let kept = null; // the last key that was pressed meanwhile
  let holder = null; // what had the focus when it began, so that Space stays its key
  let source = null;
  let heard = performance.now();
  let unfinished = null; // the request id of a "next" whose answer never came
  let unavailable = null;
  let byPointer = true; // after a click, Space belongs to the big key again

  const serverNow = () => Date.now() + clockAhead;
  const since = (moment) => Math.max(0, serverNow() - Date.parse(moment));
  const minutes = (moment) => Math.floor(since(moment) / 60000);

  // Showing

  function showLink(state) {
    if (at("link").dataset.state === state) return;
    at("link").dataset.state = state;
    at("link-text").textContent = words[`link.${state}`];
  }

  function showTimer() {
    const ticket = view?.current;
    const from = ticket && (ticket.state === "serving" ? ticket.started_at : ticket.called_at);
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

  function showPresent() {
    const ticket = view.current;
    at("present-state").textContent = words[`state.${ticket?.state ?? "nobody"}`];
    at("number").textContent = ticket?.number ?? "–";
    at("number").toggleAttribute("data-empty", !ticket);
    at("facts").textContent = ticket ? factsOf(ticket) : "";
    document.title = say("title", { number: ticket?.number ?? "–", counter: page.counter });
  }

  const lasting = (key, n) => (n ? say(key, { n }) : words.just_now);

  function factsOf(ticket) {
    const waited = Math.max(0, Date.parse(ticket.called_at) - Date.parse(ticket.issued_at));
    const facts = [
      page.services[ticket.service] ?? ticket.service,
      lasting("waited", Math.floor(waited / 60000)),
      say("calls", { n: ticket.calls }),
    ];
    if (ticket.priority) facts.push(page.priorities[ticket.priority] ?? words.priority);
    return facts.join(" · ");
  }

  function showNext() {
    const first = view.waiting[0];
    at("next-what").textContent = words[view.current ? "next.finish_and_call" : "next.call"];
    at("next-up").textContent = first
      ? say("next_up", { number: first.number }) + (first.priority ? ` · ${words.priority}` : "")
      : words["next.nobody"];
  }

  function person(ticket, extra) {
    const row = element("li");
    row.dataset.id = ticket.id;
    const what = element("span", "what");
    what.append(element("span", "service", page.services[ticket.service] ?? ticket.service));
    if (ticket.priority) what.append(element("span", "chip", words.priority));
    row.append(element("span", "who", ticket.number), what, extra);
    return row;
  }

  function waitingRow(ticket) {
    const wait = element("span", "wait");
    wait.dataset.since = ticket.issued_at;
    return person(ticket, wait);
  }

  function keptRow(ticket, label) {
    const call = element("button", "button", label);
    call.type = "button";
    call.dataset.resume = ticket.id;
    call.setAttribute("aria-label", `${label} ${ticket.number}`);
    call.addEventListener("click", () => resume(ticket.id));
    return person(ticket, call);
  }

  function showKept(list) {
    const rows = view[list].map((ticket) => keptRow(ticket, words[`${list}.call`]));
    at(`${list}-part`).hidden = rows.length === 0;
    at(list).replaceChildren(...rows);
  }

  function showPeople() {
    const focused = document.activeElement?.dataset?.resume;
    at("waiting-total").textContent = view.waiting_total;
    at("waiting").replaceChildren(...view.waiting.map(waitingRow));
    const more = view.waiting_total - view.waiting.length;
    at("waiting-more").textContent = more > 0 ? say("more", { n: more }) : "";
    showKept("parked");
    showKept("missed");
    if (focused) at("kept").querySelector(`[data-resume="${CSS.escape(focused)}"]`)?.focus();
    showMinutes();
  }

  function showMinutes() {
    for (const wait of document.querySelectorAll("[data-since]")) {
      const told = lasting("minutes", minutes(wait.dataset.since));
      if (wait.textContent !== told) wait.textContent = told;
    }
  }

  function showNotices() {
    const told = [];
    if (unavailable) told.push(page.unavailable[unavailable] ?? words.refused);
    for (const device of view?.devices ?? []) {
      if (device.state === "ok") continue;
      const name = page.devices[device.name] ?? device.name;
      const where = device.kiosk === page.kiosk ? name : `${name} (${device.kiosk})`;
      told.push(say("device", { device: where, reason: page.devices[device.reason] ?? device.reason }));
    }
    for (const state of ["unknown", "failed", "queued"]) {
      const jobs = (view?.jobs ?? []).filter(
        (job) => job.state === state && (state !== "queued" || since(job.created_at) > QUEUED_MS),
      );
      const numbers = jobs.map((job) => job.number ?? words.slip);
      const listed = numbers.slice(0, 5).join(", ") + (numbers.length > 5 ? ", …" : "");
      if (listed) told.push(say(`job_${state}`, { number: listed }));
    }
    const shown = [...at("notices").children].map((row) => row.textContent);
    if (shown.join("\n") === told.join("\n")) return;
    at("notices").replaceChildren(...told.map((text) => element("li", "", text)));
    at("notices").hidden = told.length === 0;
  }

  function showActions() {
    const known = view !== null && !busy;
    const allowed = legal[view?.current?.state] ?? new Set();
    for (const button of moves) button.disabled = !(known && allowed.has(button.dataset.move));
    for (const button of document.querySelectorAll("[data-resume], .target")) button.disabled = !known;
    next.disabled = !known;
    next.toggleAttribute("data-busy", busy !== null);
    at("sign-out").disabled = busy !== null;
  }

  function show() {
    showPresent();
    showNext();
    showPeople();
    showTimer();
    showNotices();
    showActions();
  }

  // Doing

  async function act(name, work) {
    if (busy || !view) return;
    holder = byPointer ? next : document.activeElement;
    busy = name;
    at("alert").textContent = "";
    showActions();
    try {
      await work();
    } catch (error) {
      kept = null; // it was meant for what did not happen
      if (error instanceof Refusal && error.status === 401) return reload(name !== "sign-out");
      const lost = !(error instanceof Refusal);
      at("alert").textContent = lost ? words["link.no_answer"] : error.message;
      if (lost) connect();
    } finally {
      busy = null;
      show();
      (holder?.disabled ? next : holder)?.focus({ preventScroll: true });
    }
    const then = kept;
    kept = null;
    if (then) pressKey(then);
  }

  // While an answer is on its way a key waits for it; the same key once more is the same press.
  function pressKey(name) {
    if (busy) {
      if (name !== busy) kept = name;
    } else if (name === "next") pressNext();
    else if (!moves.find((button) => button.dataset.move === name).disabled) press(name);
  }

  // A press that got no answer is repeated under the same id, so nobody is called twice.
  async function callNext() {
    unfinished ??= requestId();
    for (let n = 1; ; n += 1) {
      try {
        const ticket = await send("POST", `/api/counters/${page.counter}/next`, { request_id: unfinished });
        unfinished = null;
        if (ticket) showCalled(ticket);
        else {
          view = { ...view, current: null, waiting: [], waiting_total: 0 };
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

  function showCalled(ticket) {
    const others = (list) => list.filter(({ id }) => id !== ticket.id);
    const { waiting, parked, missed } = view;
    const lists = { waiting: others(waiting), parked: others(parked), missed: others(missed) };
    view = { ...view, ...lists, current: ticket };
    tell(say("announce", { number: ticket.number }));
  }

  const pressNext = () => act("next", callNext);

  // A call like the next one: an Enter too many on its button must not call another.
  function resume(ticket) {
    return act("next", async () => {
      showCalled(await send("POST", `/api/counters/${page.counter}/resume`, { ticket }));
    });
  }

  function move(name, body = {}) {
    return act(name, async () => {
      const path = `/api/counters/${page.counter}/${name}`;
      const ticket = await send("POST", path, { ticket: view.current?.id, ...body });
      const here = ticket.state === "called" || ticket.state === "serving";
      view = { ...view, current: here ? ticket : null };
      tell(words[`done.${name}`]);
    });
  }

  function press(name) {
    if (name === "transfer") openTransfer();
    else move(name);
  }

  function openTransfer() {
    if (busy || !view?.current) return;
    dialog.showModal();
  }

  function transferTo(button) {
    dialog.close();
    const { service, counter } = button.dataset;
    move("transfer", service ? { service } : { counter: Number(counter) });
  }

  async function signOut() {
    await act("sign-out", async () => {
      await send("DELETE", "/api/session");
      source?.close(); // what it says now is no news
      kept = null;
      reload();
    });
  }

  // Keys: letters by their place on the keyboard, so that Telex and Caps Lock change nothing.

  function letterOf(event) {
    return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1] ?? event.key.toUpperCase();
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (dialog.open) {
      const target = dialog.querySelector(`[data-key="${CSS.escape(letterOf(event))}"]`);
      if (target && !event.repeat) {
        event.preventDefault();
        transferTo(target);
      }
      return;
    }
    if (event.code === "Space" || event.key === "Enter") {
      const elsewhere = (busy ? holder : document.activeElement)?.closest?.("button, a");
      if (elsewhere && elsewhere !== next) return;
      event.preventDefault();
      if (!event.repeat) pressKey("next");
      return;
    }
    const button = moves.find((known) => known.dataset.key === letterOf(event));
    if (!button || event.repeat) return;
    event.preventDefault();
    pressKey(button.dataset.move);
  }

  // Space on the focused big key has been answered when it went down.
  function onKeyUp(event) {
    if (event.code === "Space" && document.activeElement === next) event.preventDefault();
  }

  // Hearing

  // What an alert may be about. One more who waits is no reason to take it from sight.
  function situation({ current, waiting, parked, missed }) {
    const ids = (list) => list.map(({ id }) => id);
    const present = [current?.id, current?.state, current?.calls];
    return JSON.stringify([present, waiting.length > 0, ids(parked), ids(missed)]);
  }

  function connect() {
    source?.close();
    heard = performance.now();
    const mine = new EventSource("/api/changes");
    source = mine;
    mine.addEventListener("board", () => onHeard());
    mine.addEventListener("counter", (event) => {
      onHeard();
      const said = JSON.parse(event.data);
      if (view && situation(said) !== situation(view)) at("alert").textContent = "";
      view = said;
      clockAhead = Date.parse(view.at) - Date.now();
      if (!busy) unfinished = null; // what is shown is true: another press is a new one
      show();
    });
    mine.addEventListener("unavailable", (event) => {
      heard = performance.now();
      unavailable = JSON.parse(event.data).code;
      showLink("lost");
      showNotices();
    });
    mine.addEventListener("signed-out", () => reload(busy !== "sign-out"));
    mine.addEventListener("error", () => {
      showLink("lost");
      if (mine.readyState === EventSource.CLOSED && mine === source) setTimeout(retry, AGAIN_MS);
    });
  }

  function onHeard() {
    heard = performance.now();
    unavailable = null;
    showLink("live");
  }

  // A refused stream says no more than that: ask why, and try again while it may get better.
  async function retry() {
    try {
      await send("GET", "/api/board");
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return reload(true);
    }
    connect();
  }

  function tick() {
    showTimer();
    if (performance.now() - heard > SILENCE_MS) {
      showLink("lost");
      connect();
    }
  }

  next.addEventListener("click", pressNext);
  for (const button of moves) button.addEventListener("click", () => press(button.dataset.move));
  for (const button of dialog.querySelectorAll(".target")) {
    button.addEventListener("click", () => transferTo(button));
  }
  at("transfer-close").addEventListener("click", () => dialog.close());
  at("sign-out").addEventListener("click", signOut);
  document.addEventListener("keydown", onKey);
  document.addEventListener("keyup", onKeyUp);
  document.addEventListener("keydown", () => (byPointer = false), true);
  document.addEventListener("pointerdown", () => (byPointer = true), true);
  window.addEventListener("pagehide", () => source?.close());
  setInterval(tick, 250);
  setInterval(() => view && (showMinutes(), showNotices()), 5000);
  connect();
}

runDesk();
