// The call board for a smart TV. What it shows and when is as on the hall's own board; see board_layout.js for which
// browsers it is written for.

import { em, forgetWidths, linesOf, pagesOf, plans, surface } from "./board_layout.js";
import { hear, placed, standing, tick } from "./board_calls.js";

const page = JSON.parse(document.body.dataset.page);
const at = (id) => document.getElementById(id);
const { rules, look } = page;
const LOOK_MS = 200;
const SEEN_MS = 5000;
const AGAIN_MS = 1500;
const ICONS = { closed: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 7v5l3 2", idle: "M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4zM14 6v12" };

let board = null;
let heard = null; // when the last board came, in seconds of the steady clock
let ahead = 0; // the server's clock less ours, in ms
let media = { items: [], ticker: {} };
let source = null;
let drawn = ""; // what is on the screen, so that only a change is drawn
let slide = { key: "", until: 0, at: -1, part: 0 };

const steady = () => performance.now() / 1000;
const wall = () => new Date(Date.now() + ahead);
const say = (words, key, facts) => words[key].replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));
const turn = (n, now = steady()) => Math.floor(now / rules.page) % n;
const px = (value) => `${Math.round(value * 10) / 10}px`;

function make(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function put(node, x, y, width, height) {
  node.style.left = px(x);
  node.style.top = px(y);
  node.style.width = px(width);
  node.style.height = px(height);
}

// One line, no wider than its room.
function fit(node, size, width, weight) {
  node.style.fontSize = px(Math.min(size, width / Math.max(0.1, em(node.textContent, weight) * 1.01)));
  return node;
}

function arrow(size) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "arrow");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M4 12h16M14 6l6 6l-6 6");
  drawing.appendChild(path);
  drawing.style.width = px(size);
  drawing.style.height = px(size);
  return drawing;
}

// The hall at this moment.

function here() {
  if (!page.counters) return board;
  const ours = new Set(page.counters);
  return {
    at: board.at,
    seq: board.seq,
    calls: board.calls.filter((call) => ours.has(call.counter)),
    lines: board.lines.filter((line) => line.counters.some((n) => ours.has(n))),
  };
}

function closing(lines) {
  if (!lines.length || lines.some((line) => line.refusal !== "closed_hours")) return null;
  const times = lines.map((line) => line.opens_at).filter(Boolean).sort((a, b) => Date.parse(a) - Date.parse(b));
  return { opens: times[0] || null };
}

function told(words, face, closed) {
  if (face !== "closed" || !closed.opens) return words[`${face}.told`];
  const clock = closed.opens.slice(11, 16);
  if (closed.opens.slice(0, 10) === board.at.slice(0, 10)) return say(words, "opens_at", { clock });
  return say(words, "opens_on", { clock, date: `${closed.opens.slice(8, 10)}/${closed.opens.slice(5, 7)}` });
}

const ticker = (language) => media.ticker[language] || media.ticker[""] || [];

function notices() {
  const lines = [].concat(...page.languages.map((each) => ticker(each.code)));
  const missed = page.languages.map((each) => each.words.missed).filter(Boolean);
  return { all: missed.concat(lines).filter((text, n, every) => every.indexOf(text) === n), plain: !lines.length };
}

function view() {
  const now = steady();
  const silent = now - (heard === null ? 0 : heard);
  const stale = silent > rules.stale;
  const hall = board ? here() : { calls: [], lines: [] };
  const closed = closing(hall.lines);
  const newest = standing()[0];
  const age = newest ? (wall() - Date.parse(newest.call.at)) / 1000 : Infinity;
  const calling = age <= (closed ? rules.old : rules.quiet);
  return { now, stale, hall, closed, calling, face: calling ? "call" : closed ? "closed" : "idle" };
}

// What is drawn.

function draw() {
  const seen = view();
  const languages = page.languages;
  const said = notices();
  const on = surface(look);
  const first = languages[0];
  const second = languages[1];
  const staleAt = board ? board.at.slice(11, 16) : "";
  const staleWords = languages.map(({ words }) => (board ? say(words, "stale_since", { clock: staleAt }) : words.stale));
  const numbers = page.numbers.concat(seen.hall.calls.map((call) => call.number));
  const words = {
    office: page.office,
    loud: seen.stale,
    second: Boolean(second),
    notices: seen.stale ? said.all.concat(staleWords) : said.all,
    number: Math.max(...numbers.map((text) => em(text, 800))),
    counter: Math.max(...page.every.map((n) => em(String(n), 800))),
    to: Math.max(...languages.map((each) => em(each.words.to_counter, 700))),
  };
  const wanted = media.items.length > 0;
  const up = standing().length;
  const planFor = (all) => all[Math.max(1, Math.min(up, all.length)) - 1];
  let plan = planFor(plans(on, words, wanted));
  // Calls come before pictures.
  if (wanted && up - plan.cards > plan.rows) plan = planFor(plans(on, words, false));
  const { around } = plan;
  tick(seen.now, plan.cards + plan.rows, rules);
  const places = placed(seen.now, plan.cards, plan.rows, rules);
  const large = seen.calling ? places.large : [];
  const fresh = new Set(seen.calling ? places.rest.map(({ call }) => call.number) : []);
  const shown = new Set(large.map(({ call }) => call.number));
  const listed = [];
  for (const call of seen.hall.calls) {
    if (shown.has(call.number)) continue;
    shown.add(call.number);
    listed.push(call);
  }
  const rows = listed.filter((call) => fresh.has(call.number)).concat(listed.filter((call) => !fresh.has(call.number)));
  const blinking = large.filter(({ live, since }) => live && !seen.stale && seen.now - since < rules.blink).map(({ call }) => call.seq);
  const strip = stripTurn(on, around, plan, seen);
  const words1 = languages[strip.language].words;
  let say1 = "";
  if (seen.stale) say1 = staleWords[turn(languages.length, seen.now)];
  else if (said.all.length) say1 = said.all[said.plain ? strip.language % said.all.length : turn(said.all.length, seen.now)];
  const local = new Date(wall().getTime() + page.offset * 60000).toISOString().slice(11, 16);
  const state = JSON.stringify([
    on.width, on.height, seen.face, seen.stale, plan, large.map(({ call }) => call), blinking, rows.slice(0, plan.rows), [...fresh],
    strip, say1, local, wanted, seen.closed, slide.key,
  ]);
  if (board) document.body.dataset.seq = board.seq;
  showSlide(seen.now, false);
  if (state === drawn) return;
  drawn = state;
  document.body.dataset.face = seen.stale ? "stale" : seen.face;
  document.body.style.fontSize = px(on.ticker);
  put(at("head"), on.margin, 0, around.width, around.header);
  at("office").style.fontSize = px(around.nameSize);
  at("sign").style.width = px(around.name * 1.9);
  at("sign").style.height = px(around.name * 1.9);
  at("clock").style.fontSize = px(around.name * 1.45);
  at("clock").textContent = local;
  const areas = place(on, around, plan, seen, rows.length > 0, wanted);
  drawCards(areas.cards, plan, on, large, blinking, first, second, seen);
  drawRows(areas.list, plan, rows, fresh, words1, on);
  drawWelcome(areas.cards, on, plan, seen, first, second);
  hide(at("pane"), !areas.pane);
  if (areas.pane) put(at("pane"), areas.pane.x, areas.pane.y, areas.pane.width, areas.pane.height);
  showSlide(seen.now, true);
  drawStrip(on, around, plan, strip, words1, seen);
  const band = at("band");
  hide(band, !around.band);
  put(band, 0, on.height - around.band, on.width, around.band);
  band.style.paddingLeft = px(on.margin);
  band.style.paddingRight = px(on.margin);
  at("notice").textContent = say1;
  at("alert").style.width = px(on.ticker * 1.4);
  at("alert").style.marginRight = px(on.ticker * 0.5);
}

const hide = (node, hidden) => {
  node.hidden = hidden;
};

// Where cards (or the welcome), list and pane stand.
function place(on, around, plan, seen, anyRows, wanted) {
  const x = on.margin;
  const y = around.header;
  const cards = { x, y, width: plan.areaWidth, height: plan.area };
  const listHeight = plan.paneHeight ? plan.listHeight - plan.paneHeight - on.gap : plan.listHeight;
  const list = plan.beside
    ? { x: on.width - x - plan.listWidth, y, width: plan.listWidth, height: listHeight }
    : { x, y: y + plan.area + on.gap, width: plan.listWidth, height: listHeight };
  const below = { x: list.x, y: list.y + listHeight + on.gap, width: plan.listWidth, height: plan.paneHeight };
  const listed = plan.rows > 0 && (anyRows || seen.calling);
  if (seen.calling) return { cards, list: listed ? list : null, pane: wanted && plan.paneHeight ? below : null };
  if (listed && plan.paneHeight) return { cards, list, pane: wanted ? below : null };
  const room = listed ? cards : { x, y, width: around.width, height: plan.height };
  const most = 0.4 * on.width * on.height;
  const split = wanted && room.height > 0;
  if (!split) return { cards: room, list: listed ? list : null, pane: null };
  let pane;
  let card;
  if (room.width > room.height * 1.2) {
    const width = Math.min(room.width * 0.56, most / room.height);
    pane = { x: room.x + room.width - width, y: room.y, width, height: room.height };
    card = { x: room.x, y: room.y, width: room.width - width - on.gap, height: room.height };
  } else {
    const height = Math.min(room.height * 0.55, most / room.width);
    pane = { x: room.x, y: room.y + room.height - height, width: room.width, height };
    card = { x: room.x, y: room.y, width: room.width, height: room.height - height - on.gap };
  }
  if (pane.height < around.line * 5 || pane.width < on.ticker * 12) return { cards: room, list: listed ? list : null, pane: null };
  return { cards: card, list: listed ? list : null, pane };
}

function drawCards(area, plan, on, large, blinking, first, second, seen) {
  const node = at("cards");
  hide(node, !seen.calling);
  if (!seen.calling) return;
  put(node, area.x, area.y, area.width, area.height);
  while (node.firstChild) node.removeChild(node.firstChild);
  if (plan.cardHead) {
    const head = make("p", "card-head", [first.words.call].concat(second ? [second.words.call] : []).join("  ·  "));
    head.style.left = px(plan.pad);
    node.appendChild(fit(head, on.ticker, area.width - 2 * plan.pad, 500));
  }
  large.forEach(({ call }, n) => {
    const card = make("article", "card");
    const across = n % plan.columns;
    const down = Math.floor(n / plan.columns);
    card.classList.toggle("blinking", blinking.indexOf(call.seq) >= 0);
    put(card, across * (plan.cardWidth + plan.cardGap), plan.cardHead + down * (plan.cardHeight + plan.cardGap), plan.cardWidth, plan.cardHeight);
    card.style.padding = `${px(plan.pad * 0.8)} ${px(plan.pad)}`;
    card.style.borderRadius = px(on.side * 0.04);
    const inner = plan.cardWidth - 2 * plan.pad;
    if (!plan.cardHead) {
      card.appendChild(fit(make("p", "lead", first.words.call), plan.lead, inner, 700));
      if (second) card.appendChild(fit(make("p", "lead-second", second.words.call), on.ticker, inner, 500));
    }
    const body = make("div", plan.inline ? "call inline" : "call");
    const number = make("p", "number", call.number);
    number.style.fontSize = px(plan.number);
    body.appendChild(number);
    const where = make("div", "where");
    const to = make("p", "to");
    to.style.fontSize = px(plan.word);
    to.appendChild(make("span", "", first.words.to_counter));
    if (second) {
      const other = make("span", "other", second.words.to_counter);
      other.style.fontSize = px(Math.min(on.ticker, plan.word * 0.9));
      to.appendChild(other);
    }
    where.appendChild(to);
    const counter = make("p", "counter", String(call.counter));
    const room = plan.inline ? inner : inner - em(first.words.to_counter, 700) * plan.word - plan.word * 0.6;
    counter.style.fontSize = px(Math.min(plan.counter, room / (em(String(call.counter), 800) + 0.9)));
    where.appendChild(counter);
    where.appendChild(arrow(Math.min(plan.counter * 0.75, plan.lead * 3)));
    body.appendChild(where);
    card.appendChild(body);
    node.appendChild(card);
  });
}

function drawRows(area, plan, rows, fresh, words, on) {
  const node = at("list");
  hide(node, !area);
  if (!area) return;
  put(node, area.x, area.y, area.width, area.height);
  const pad = plan.row * 0.4;
  at("just").textContent = words.just_called;
  at("at-counter").textContent = words.counter;
  at("heads").style.padding = `0 ${px(pad)}`;
  at("heads").style.height = px(plan.head);
  hide(at("heads"), !rows.length);
  hide(at("just"), em(words.just_called) + em(words.counter) + 1 > (area.width - 2 * pad) / on.ticker);
  const list = at("rows");
  while (list.firstChild) list.removeChild(list.firstChild);
  rows.slice(0, plan.rows).forEach((call) => {
    const row = make("li", fresh.has(call.number) ? "row fresh" : "row");
    row.style.height = px(plan.rowHeight);
    row.style.marginBottom = px(plan.rowGap);
    row.style.padding = `0 ${px(pad)}`;
    row.style.borderRadius = px(on.side * 0.028);
    row.style.fontSize = px(plan.row);
    row.appendChild(make("span", "of", call.number));
    if (fresh.has(call.number)) {
      const room = (area.width - 2 * pad) / plan.row - em(call.number, 700) - em(String(call.counter), 700) - 0.4;
      row.appendChild(arrow(plan.row * Math.max(0.25, Math.min(0.75, room))));
    }
    row.appendChild(make("span", "at", String(call.counter)));
    list.appendChild(row);
  });
}

function drawWelcome(area, on, plan, seen, first, second) {
  const node = at("welcome");
  hide(node, seen.calling);
  if (seen.calling) return;
  put(node, area.x, area.y, area.width, area.height);
  const pad = Math.min(area.width * 0.06, on.side * 0.045);
  node.style.padding = px(pad);
  node.style.borderRadius = px(on.side * 0.04);
  const inner = area.width - 2 * pad;
  const texts = [first.words[seen.face], told(first.words, seen.face, seen.closed)].concat(second ? [second.words[seen.face], told(second.words, seen.face, seen.closed)] : []);
  const sizes = (size) => [size, Math.max(size * 0.52, Math.min(plan.lead, size)), Math.max(size * 0.4, Math.min(on.ticker, size)), Math.max(size * 0.4, Math.min(on.ticker, size))];
  const tall = (size) => texts.reduce((sum, text, n) => sum + (n ? linesOf(text, inner, sizes(size)[n], 700) : 1) * sizes(size)[n] * 1.3, size * 1.5 + on.ticker * 1.7);
  let size = Math.min(area.width * 0.09, area.height * 0.17, inner / em(texts[0], 700));
  while (size > 8 && tall(size) > area.height - 2 * pad) size *= 0.95;
  at("welcome-icon").style.width = px(size * 1.5);
  at("welcome-icon").style.height = px(size * 1.5);
  at("welcome-path").setAttribute("d", ICONS[seen.face]);
  ["lead", "told", "lead-second", "told-second"].forEach((id, n) => {
    const line = at(id);
    hide(line, n >= texts.length);
    line.textContent = texts[n] || "";
    line.style.fontSize = px(sizes(size)[n]);
    line.style.marginTop = px(on.ticker * (n % 2 ? 0.1 : 0.5));
  });
}

// Which language the heads and the strip are in now, and which of its services stand there.
function stripTurn(on, around, plan, seen) {
  const turns = [];
  page.languages.forEach((each, language) => {
    const widths = seen.hall.lines.map((line) => (em(nameOf(line, each)) + em(" 88", 700) + 1) * on.ticker);
    const pages = pagesOf(widths, around.width * 0.98 + on.ticker, (em(each.words.waiting) + 1) * on.ticker, plan.strip);
    (pages.length ? pages : [[]]).forEach((lines) => turns.push({ language, lines }));
  });
  const now = turns[turn(turns.length, seen.now)];
  return { language: now.language, lines: now.lines.map((line) => line.map((n) => [nameOf(seen.hall.lines[n], page.languages[now.language]), seen.hall.lines[n].waiting])) };
}

const nameOf = (line, each) => line.names[each.code] || line.names.vi;

function drawStrip(on, around, plan, strip, words) {
  const node = at("strip");
  hide(node, !plan.strip);
  put(node, on.margin, on.height - around.band - plan.stripHeight, around.width, plan.stripHeight);
  while (node.firstChild) node.removeChild(node.firstChild);
  strip.lines.forEach((line, n) => {
    const row = make("p", "entries");
    row.style.height = px(on.ticker * 1.27 * 1.08);
    if (!n) row.appendChild(make("span", "waiting", words.waiting));
    const room = around.width - (n ? 0 : (em(words.waiting) + 1) * on.ticker);
    for (const [name, waiting] of line) {
      const entry = make("span", "entry", `${name} `);
      // One that is wider than the board is small rather than cut.
      entry.style.fontSize = px(Math.min(on.ticker, room / ((em(name) + em(` ${waiting}`, 700)) * 1.02)));
      entry.appendChild(make("strong", "", String(waiting)));
      row.appendChild(entry);
    }
    node.appendChild(row);
  });
}

// The office's own pictures and notices, one after the other; a long notice page by page.

function showSlide(now, again) {
  const items = media.items;
  if (at("pane").hidden || !items.length) return;
  const item = items[slide.at];
  if (item && now < slide.until && !again) return;
  if (!again || !item) {
    if (!(item && item.kind === "notice" && slide.more)) slide = { ...slide, at: (slide.at + 1) % items.length, part: 0 };
    else slide = { ...slide, part: slide.more };
    slide.until = now + items[slide.at].seconds;
  }
  const next = items[slide.at];
  hide(at("picture"), next.kind !== "picture");
  hide(at("page"), next.kind === "picture");
  slide.more = 0;
  if (next.kind === "picture") {
    if (at("picture").getAttribute("src") !== next.picture) at("picture").src = next.picture;
  } else {
    const node = at("page");
    const blocks = at("blocks");
    while (blocks.firstChild) blocks.removeChild(blocks.firstChild);
    at("title").textContent = next.title;
    node.lang = next.lang;
    for (let n = slide.part; n < next.blocks.length; n += 1) {
      const { kind, mark, text } = next.blocks[n];
      const block = make("li", kind);
      if (mark) block.appendChild(make("span", "mark", mark));
      block.appendChild(make("span", "", text));
      blocks.appendChild(block);
      if (node.scrollHeight > node.clientHeight + 1 && n > slide.part) {
        blocks.removeChild(block);
        slide.more = n;
        break;
      }
    }
  }
  slide.key = `${slide.at} ${slide.part}`;
}

// The stream of changes, and the sign of life to staff.

function onBoard(event) {
  board = JSON.parse(event.data);
  heard = steady();
  ahead = Date.parse(board.at) - Date.now();
  const calls = hear(here(), heard, rules);
  draw();
  if (calls.length) chime();
}

function connect() {
  if (source) source.close();
  const mine = new EventSource("/api/changes");
  source = mine;
  mine.addEventListener("board", onBoard);
  mine.addEventListener("signed-out", () => location.reload());
  mine.addEventListener("error", () => {
    if (mine.readyState === EventSource.CLOSED && mine === source) setTimeout(connect, AGAIN_MS);
  });
}

function watch() {
  const silent = steady() - (heard === null ? 0 : heard);
  if (silent > rules.silent && Math.floor(silent) % 5 === 0 && (!source || source.asked !== Math.floor(silent))) {
    connect();
    source.asked = Math.floor(silent);
  }
  draw();
}

async function tell(leaving = false) {
  const silent = Math.min(86400, Math.round(steady() - (heard === null ? 0 : heard)));
  const body = JSON.stringify({ seq: board ? board.seq : 0, silent, leaving });
  try {
    const answer = await fetch("/api/board/seen", { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: leaving });
    if (leaving) return;
    if (answer.status === 401 || answer.status === 403) location.reload();
    if (!answer.ok) return;
    const said = await answer.json();
    if (said.mark !== page.mark) location.reload();
    if (JSON.stringify(said.media) !== JSON.stringify(media)) {
      media = said.media;
      slide = { key: "", until: 0, at: -1, part: 0 };
      draw();
    }
  } catch (error) {
    // The board itself says that it is not current.
  }
}

// Two soft notes, where the browser lets a page be heard that nobody has touched.
let sound = null;
function chime() {
  const Maker = window.AudioContext || window.webkitAudioContext;
  if (!page.sound || !Maker) return;
  sound = sound || new Maker();
  if (sound.state !== "running") {
    sound.resume();
    return;
  }
  [659.3, 523.3].forEach((pitch, n) => {
    const begin = sound.currentTime + n * 0.35;
    const tone = sound.createOscillator();
    const level = sound.createGain();
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(0.0001, begin);
    level.gain.exponentialRampToValueAtTime(0.3 * page.volume + 0.0002, begin + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, begin + 0.8);
    tone.connect(level);
    level.connect(sound.destination);
    tone.start(begin);
    tone.stop(begin + 0.85);
  });
}

// Widths are known when the letters are there; until then, and where they never come, those of another face serve.
if (document.fonts && document.fonts.load) {
  const wanted = [500, 600, 700, 800].map((weight) => document.fonts.load(`${weight} 100px "Be Vietnam Pro"`));
  const redraw = () => {
    forgetWidths();
    drawn = "";
    draw();
    document.body.dataset.letters = "ready";
  };
  Promise.all(wanted).then(redraw, redraw);
}
window.addEventListener("resize", draw);
window.addEventListener("pagehide", () => {
  if (source) source.close();
  tell(true);
});
setInterval(watch, LOOK_MS);
setInterval(tell, SEEN_MS);
connect();
tell();
draw();
