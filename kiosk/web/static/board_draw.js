// How the web board's parts are drawn, as board_layout.js gives their sizes. Text is only ever text.

import { em, linesOf } from "./board_layout.js";

const ICONS = { closed: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 7v5l3 2", idle: "M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4zM14 6v12" };

export const at = (id) => document.getElementById(id);
export const px = (value) => `${Math.round(value * 10) / 10}px`;

export function make(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function put(node, x, y, width, height) {
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

export const hide = (node, hidden) => {
  node.hidden = hidden;
};

// Where cards (or the welcome), list and pane stand.
export function place(on, around, plan, seen, anyRows, wanted) {
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

export function drawCards(area, plan, on, large, blinking, first, second, seen) {
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

export function drawRows(area, plan, rows, fresh, words, on) {
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

export function drawWelcome(area, on, plan, seen, texts) {
  const node = at("welcome");
  hide(node, seen.calling);
  if (seen.calling) return;
  put(node, area.x, area.y, area.width, area.height);
  const pad = Math.min(area.width * 0.06, on.side * 0.045);
  node.style.padding = px(pad);
  node.style.borderRadius = px(on.side * 0.04);
  const inner = area.width - 2 * pad;
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

export function drawStrip(on, around, plan, strip, words) {
  const node = at("strip");
  hide(node, !plan.strip || !strip.lines.length);
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
