// The call board for a smart TV. What it shows and when is as on the hall's own board; see board_layout.js for which
// browsers it is written for.

import { em, forgetWidths, pagesOf, plans, SIGN, surface } from "./board_layout.js";
import { at, drawCards, drawRows, drawStrip, drawWelcome, hide, make, place, put, px } from "./board_draw.js";
import { hear, placed, standing, tick } from "./board_calls.js";

const page = JSON.parse(document.body.dataset.page);
const { rules, look } = page;
const LOOK_MS = 200;
const SEEN_MS = 5000;
const AGAIN_MS = 1500;

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

function notices(closed) {
  const lines = [].concat(...page.languages.map((each) => ticker(each.code)));
  // Who comes out of hours has missed no call.
  const missed = closed ? [] : page.languages.map((each) => each.words.missed).filter(Boolean);
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

// How many times as wide as high the sign is; an emblem is known once it has come.
const signWide = () => (at("sign").naturalHeight ? at("sign").naturalWidth / at("sign").naturalHeight : 1);

// What is drawn.

function draw() {
  const seen = view();
  const languages = page.languages;
  const said = notices(seen.face === "closed");
  const on = surface(look);
  const first = languages[0];
  const second = languages[1];
  const staleAt = board ? board.at.slice(11, 16) : "";
  const staleWords = languages.map(({ words }) => (board ? say(words, "stale_since", { clock: staleAt }) : words.stale));
  const numbers = page.numbers.concat(seen.hall.calls.map((call) => call.number));
  const words = {
    office: page.office,
    sign: signWide(),
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
    on.width, on.height, words.sign, seen.face, seen.stale, plan, large.map(({ call }) => call), blinking, rows.slice(0, plan.rows), [...fresh],
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
  at("sign").style.width = px(around.name * SIGN * words.sign);
  at("sign").style.height = px(around.name * SIGN);
  at("sign").style.borderRadius = px(around.name * SIGN * 0.27);
  at("clock").style.fontSize = px(around.name * 1.45);
  at("clock").textContent = local;
  const areas = place(on, around, plan, seen, rows.length > 0, wanted);
  drawCards(areas.cards, plan, on, large, blinking, first, second, seen);
  drawRows(areas.list, plan, rows, fresh, words1, on);
  const texts = [].concat(...languages.map((each) => [each.words[seen.face], told(each.words, seen.face, seen.closed)]));
  drawWelcome(areas.cards, on, plan, seen, texts);
  hide(at("pane"), !areas.pane);
  if (areas.pane) put(at("pane"), areas.pane.x, areas.pane.y, areas.pane.width, areas.pane.height);
  showSlide(seen.now, true);
  drawStrip(on, around, plan, seen.face === "closed" ? { ...strip, lines: [] } : strip, words1);
  const band = at("band");
  hide(band, !around.band);
  put(band, 0, on.height - around.band, on.width, around.band);
  band.style.paddingLeft = px(on.margin);
  band.style.paddingRight = px(on.margin);
  at("notice").textContent = say1;
  at("alert").style.width = px(on.ticker * 1.4);
  at("alert").style.marginRight = px(on.ticker * 0.5);
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

// The office's own pictures and notices, one after the other; a long notice page by page.

function showSlide(now, again) {
  const items = media.items;
  if (at("pane").hidden || !items.length) {
    play("", "");
    return;
  }
  const item = items[slide.at];
  if (item && now < slide.until && !again) return;
  if (!again || !item) {
    if (!(item && item.kind === "notice" && slide.more)) slide = { ...slide, at: (slide.at + 1) % items.length, part: 0 };
    else slide = { ...slide, part: slide.more };
    slide.until = now + items[slide.at].seconds;
  }
  const next = items[slide.at];
  const played = next.kind === "video" && !unplayed[next.video] ? next.video : "";
  hide(at("picture"), next.kind === "notice" || played !== "");
  hide(at("page"), next.kind !== "notice");
  play(played, next.picture);
  slide.more = 0;
  if (next.kind !== "notice") {
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

// A video without its sound while its turn lasts; its still where this browser cannot play it.
const unplayed = {};
function play(address, still) {
  const film = at("film");
  hide(film, !address);
  if ((film.getAttribute("src") || "") === address) return;
  if (!address) {
    film.pause();
    film.removeAttribute("src");
    film.load();
    return;
  }
  film.poster = still;
  film.muted = true;
  film.src = address;
  const begun = film.play();
  if (begun) begun.catch(() => {}); // said by "error"; a play that a new turn cut short is none
}
at("film").addEventListener("error", () => {
  const address = at("film").getAttribute("src");
  if (!address) return;
  unplayed[address] = true;
  showSlide(steady(), true);
});

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
