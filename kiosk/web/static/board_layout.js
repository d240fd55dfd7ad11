// How large everything on the web board is: the same rules as the hall's own board (display/layout.py, cards.py).
// Written for browsers of televisions from 2020 on (Chromium 63): no "?.", no CSS min() or max(), no flex gap.

const CAP = 0.74; // of Be Vietnam Pro: height of a capital, in em
const LINE = 1.27; // ascent and descent, in em
const SHARE = 0.62; // of the counter's digits, in the size of the number
const PITCH = 1.32; // height of a row, in its font size
const MOST_CARDS = 3;
const MOST_ROWS = 8;
const MOST_PANE = 0.4; // of the screen

const pen = document.createElement("canvas").getContext("2d");
const known = new Map();

// How wide a text is, in em.
export function em(text, weight = 500) {
  const key = `${weight} ${text}`;
  if (!known.has(key)) {
    if (known.size > 4000) known.clear();
    pen.font = `${weight} 100px "Be Vietnam Pro", sans-serif`;
    known.set(key, pen.measureText(text).width / 100);
  }
  return known.get(key);
}

export const forgetWidths = () => known.clear();

// On how many lines a text stands, broken between words.
export function linesOf(text, width, size, weight = 500) {
  let lines = 1;
  let left = width / size;
  const room = left;
  for (const word of text.split(" ")) {
    const wide = em(word, weight);
    if (wide > left && left < room) {
      lines += 1;
      left = room;
    }
    lines += Math.max(0, Math.ceil(wide / room) - 1);
    left -= wide + 0.3;
  }
  return lines;
}

// The screen in pixels, and what the distance asks of it. Sizes are font pixels.
export function surface(look) {
  const width = window.innerWidth;
  const height = window.innerHeight;
  const perMm = Math.hypot(width, height) / Math.hypot(look.screen_mm[0], look.screen_mm[1]);
  const side = Math.min(width, height);
  const spanning = (mm) => (mm * perMm) / CAP;
  return {
    width,
    height,
    side,
    need: spanning(look.hero_mm),
    row: Math.min(Math.max(spanning(look.row_mm), side * 0.06), side * 0.2),
    ticker: Math.min(Math.max(spanning(look.ticker_mm), side * 0.03), side * 0.07),
    margin: side * 0.05,
    gap: side * 0.03,
  };
}

// How high the office's sign is, in sizes of its name.
export const SIGN = 1.9;

// What stands around calls and list; "words" as board.js has them. The band may give way where nothing else helps.
function frame(on, words, withBand) {
  const width = on.width - 2 * on.margin;
  const name = Math.min(on.ticker, on.side * 0.042);
  const beside = width - name * (9 + SIGN * (words.sign - 1));
  let nameSize = name;
  while (nameSize > 8 && linesOf(words.office, beside, nameSize, 700) > 3) nameSize *= 0.95;
  const nameLines = linesOf(words.office, beside, nameSize, 700);
  const header = Math.max(name * 2.7, nameLines * nameSize * LINE + name);
  const room = on.width - 2 * on.margin;
  const bandLines = Math.min(3, Math.max(1, ...words.notices.map((text) => linesOf(text, room - on.ticker * 2, on.ticker, 600))));
  const band = withBand && words.notices.length ? bandLines * on.ticker * LINE + on.ticker * 0.8 : 0;
  return { width, name, nameSize, header, band, line: on.ticker * LINE };
}

function number(on, words, inner, room, inline, leads) {
  if (!inline) return Math.min(inner / words.number, (room - leads) / (1 + SHARE * 1.05));
  const wide = inner / (words.number + 0.6 + SHARE * (words.counter + 0.9));
  return Math.min(wide, room - leads, (room - leads - 2.2 * on.ticker * LINE) / SHARE);
}

// One way to arrange: list beside or below the calls, the counter beside or below the number.
function way(on, around, words, strip, beside, inline, cards, pane) {
  const stripHeight = strip ? strip * on.ticker * LINE * 1.08 + on.ticker * 0.5 : 0;
  const height = on.height - around.header - around.band - stripHeight - on.gap * (strip ? 0.7 : 1);
  const width = around.width;
  const listWidth = beside ? (width - on.gap) * 0.45 : width;
  const areaWidth = beside ? width - on.gap - listWidth : width;
  const row = Math.min(on.row, listWidth / (words.number + words.counter + 1.5));
  const rowGap = on.gap * 0.4;
  const head = on.ticker * LINE * 1.15;
  const listed = (rows) => head + rows * (row * PITCH + rowGap) - rowGap;
  const cardGap = on.gap * 0.6;
  const alone = cards === 1;
  const lead = Math.max(on.ticker, on.side * 0.046);
  const leads = alone ? (lead + (words.second ? on.ticker : 0)) * LINE : 0;
  const columns = alone || inline ? 1 : cards;
  const down = cards / columns;
  const cardWidth = (areaWidth - (columns - 1) * cardGap) / columns;
  const pad = Math.min(cardWidth * 0.055, on.side * 0.04);
  const inner = cardWidth - 2 * pad;
  const cardHead = alone ? 0 : head;
  const cardIn = (area) => (area - cardHead - (down - 1) * cardGap) / down;
  const numberIn = (area) => number(on, words, inner, cardIn(area) - 2 * pad, inline, leads);
  let area = height;
  if (!beside) {
    // Calls take what they need; the list the rest, three rows of it at least where it may be.
    const least = pane || !alone ? 0 : numberIn(1e6) * 0.66;
    area = height;
    for (const rows of [5, 3]) {
      const left = height - on.gap - listed(rows);
      if (left > 0 && numberIn(left) >= Math.max(on.need, least) && area === height) area = left;
    }
    if (area < height) {
      const want = (inline ? numberIn(1e6) : numberIn(1e6) * 1.65) * down + leads + 2 * pad * down + cardHead + (down - 1) * cardGap + (inline ? on.ticker : 0);
      area = Math.min(area, Math.max(want, 0));
      while (area < height && numberIn(area) < on.need) area += on.side * 0.01;
    }
  }
  const px = Math.max(1, numberIn(area));
  const listHeight = beside ? height : height - on.gap - area;
  let rows = Math.max(0, Math.min(MOST_ROWS, Math.floor((listHeight - head + rowGap) / (row * PITCH + rowGap))));
  let rowHeight = rows ? Math.min((listHeight - head + rowGap) / rows - rowGap, row * 1.8) : 0;
  let paneHeight = 0;
  if (pane && rows >= 3) {
    const left = Math.min(listHeight - listed(3) - on.gap, (MOST_PANE * on.width * on.height) / listWidth);
    if (left >= around.line * 5 && listWidth >= on.ticker * 12) {
      rows = 3;
      rowHeight = Math.min((listHeight - on.gap - left - head + rowGap) / 3 - rowGap, row * 1.8);
      paneHeight = left;
    }
  }
  return {
    around, beside, inline, cards, columns, strip, stripHeight, height, areaWidth, area, listWidth, listHeight, head, row, rows, rowGap,
    rowHeight, cardGap, cardWidth, cardHeight: cardIn(area), cardHead, pad, lead, number: px,
    counter: px * SHARE, paneHeight,
    word: Math.min(lead, (inner * (inline ? 0.25 : 0.42)) / words.to),
  };
}

function better(one, other) {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return one[at] > other[at];
  return false;
}

function bestOf(ways, need) {
  const worth = (found) => [
    found.number >= need * 0.999 ? 1 : 0,
    Math.min(found.rows, 3),
    found.paneHeight > 0 ? 1 : 0,
    Math.floor(Math.min(1, found.number / need) * 10 + 1e-9),
    found.around.band > 0 ? 1 : 0,
    Math.min(found.strip, 1),
    Math.min(found.rows, 5),
    found.strip,
    found.number,
  ];
  return ways.reduce((best, found) => (better(worth(found), worth(best)) ? found : best));
}

// The arrangements for one call, for two, and so on, as many as stand large enough beside each other.
export function plans(on, words, pane) {
  const strips = on.height > on.width ? [3, 1, 0] : [2, 1, 0];
  const forms = on.height > on.width && !pane ? [[true, false], [false, false]] : [[true, false], [false, false], [false, true]];
  const all = [];
  for (const withBand of words.loud ? [true] : [true, false]) {
    const around = frame(on, words, withBand);
    for (const strip of withBand ? strips : [0]) {
      for (const [beside, inline] of forms) all.push(way(on, around, words, strip, beside, inline, 1, pane));
    }
  }
  const one = bestOf(all, on.need);
  const found = [one];
  for (let cards = 2; cards <= MOST_CARDS; cards += 1) {
    const ways = [true, false].map((inline) => way(on, one.around, words, one.strip, one.beside, inline, cards, pane && one.paneHeight > 0));
    const best = ways.reduce((a, b) => (b.number > a.number ? b : a));
    if (best.number < on.need * 0.999 || (one.rows && !best.rows)) break;
    found.push(best);
  }
  return found;
}

// Which entries of the waiting strip stand on which line of which page. Widths and room in pixels.
export function pagesOf(widths, room, indent, lines) {
  if (!lines || !widths.length) return [];
  const found = [[[]]];
  let left = room - indent;
  widths.forEach((width, index) => {
    let page = found[found.length - 1];
    let line = page[page.length - 1];
    if (width > left && line.length && page.length === lines) {
      page = [[]];
      found.push(page);
      line = page[0];
      left = room - indent;
    }
    if (width > left && (line.length || page.length === 1) && page.length < lines) {
      line = [];
      page.push(line);
      left = room;
    }
    line.push(index);
    left -= width;
  });
  return found;
}
