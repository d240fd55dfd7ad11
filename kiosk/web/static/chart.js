// Bars by hour, drawn from figures that stand in a table beside it; the picture is for the eye alone.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 230;
const LEFT = 44;
const BOTTOM = 34;
const TOP = 16;
const LINES = 4;
const LEAST_WIDTH = 240;
const LABEL_WIDTH = 50;

function part(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// The least of 1, 2, 5, 10, 20 … with which so many lines reach the highest bar.
function stepFor(highest) {
  for (let power = 1; ; power *= 10) {
    for (const step of [1, 2, 5]) if (step * power * LINES >= highest) return step * power;
  }
}

// What stands in each place, drawn as wide as that is: letters are never scaled.
const shown = new WeakMap();
const places = new ResizeObserver((resized) => {
  for (const { target } of resized) if (widthOf(target) !== shown.get(target).width) draw(target);
});
const widthOf = (place) => Math.max(LEAST_WIDTH, place.clientWidth);

// labels stand below; series are rows of as many figures, side by side at each label.
export function drawBars(place, labels, series) {
  shown.set(place, { labels, series });
  draw(place);
  places.observe(place);
}

function draw(place) {
  const { labels, series } = shown.get(place);
  const width = widthOf(place);
  shown.get(place).width = width;
  const step = stepFor(Math.max(1, ...series.flat()));
  const top = step * LINES;
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const picture = part("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true", class: "bars" });
  for (let line = 0; line <= LINES; line += 1) {
    const at = y(line * step);
    picture.append(part("line", { x1: LEFT, x2: width, y1: at, y2: at, class: "rule" }));
    picture.append(part("text", { x: LEFT - 8, y: at + 5, "text-anchor": "end" }, String(line * step)));
  }
  const wide = (width - LEFT) / Math.max(labels.length, 1);
  const bar = Math.min(28, (wide * 0.7) / series.length);
  const each = Math.ceil(LABEL_WIDTH / wide);
  labels.forEach((label, n) => {
    const middle = LEFT + wide * (n + 0.5);
    const inside = Math.min(middle, width - LABEL_WIDTH / 2);
    if (n % each === 0) picture.append(part("text", { x: inside, y: HEIGHT - 10, "text-anchor": "middle" }, label));
    series.forEach((row, k) => {
      const x = middle + (k - series.length / 2) * bar;
      const from = y(row[n]);
      picture.append(part("rect", { x: x + 1, y: from, width: bar - 2, height: y(0) - from, rx: 3, class: `bar-${k + 1}` }));
    });
  });
  place.replaceChildren(picture);
}
