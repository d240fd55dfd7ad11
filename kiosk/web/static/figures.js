// A day in figures: the whole, hour by hour as a picture, and tables of services and counters.

import { words, at, say, element, send } from "./talk.js";
import { clockOf } from "./clock.js";
import { serviceName } from "./notices.js";
import { drawBars } from "./chart.js";
import { useWork } from "./work.js";

const AGAIN_MS = 60000;

const work = useWork();
let today = true;

// Whole minutes, and seconds where there are not many: "4:05", "1:02:03".
function span(seconds) {
  if (seconds === null) return "–";
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:${two(Math.floor(seconds / 60) % 60)}` : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

const share = (part, whole) => (whole ? `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 }).format((100 * part) / whole)} %` : "–");
const kept = ({ kept: n, measured }) => share(n, measured);

const FLOW = [
  ["given", (flow) => flow.given],
  ["served", (flow) => flow.served],
  ["missed", (flow) => flow.missed],
  ["mean_wait", (flow) => span(flow.mean_wait)],
  ["nine_in_ten", (flow) => span(flow.nine_in_ten)],
  ["longest_wait", (flow) => span(flow.longest_wait)],
  ["mean_serving", (flow) => span(flow.mean_serving)],
  ["kept", kept],
];
const COLUMNS = {
  services: [["service", ({ service }) => serviceName(service)], ...FLOW],
  hours: [["hour", ({ hour }) => `${hour}:00`], ...FLOW],
  counters: [
    ["counter", ({ counter }) => counter],
    ["clerks", ({ clerks }) => clerks.join(", ") || "–"],
    ["called", ({ called }) => called],
    ["served", ({ served }) => served],
    ["missed", ({ missed }) => missed],
    ["mean_serving", ({ mean_serving }) => span(mean_serving)],
    ["open_for", ({ open_for }) => span(open_for)],
    ["busy", ({ serving, open_for }) => share(serving, open_for)],
  ],
};
const WORDY = new Set(["service", "clerks", "hour", "counter"]);
const kindOf = (column) => (WORDY.has(column) ? "wordy" : "number");

function show(figures) {
  for (const [name, told] of FLOW) {
    const card = at(`whole-${name}`);
    if (card) card.querySelector("[data-figure]").textContent = told(figures.whole);
  }
  for (const name of Object.keys(COLUMNS)) showTable(name, figures[name]);
  const hours = figures.hours.map(({ hour }) => `${hour}:00`);
  drawBars(at("plot-people"), hours, [figures.hours.map(({ given }) => given), figures.hours.map(({ served }) => served)]);
  const minutes = figures.hours.map(({ mean_wait }) => Math.round((mean_wait ?? 0) / 6) / 10);
  drawBars(at("plot-waits"), hours, [minutes]);
  at("day").value = figures.day;
}

function showTable(name, rows) {
  at(`${name}-head`).replaceChildren(
    ...COLUMNS[name].map(([column]) => {
      const cell = element("th", kindOf(column), words[`figures.${column}`]);
      cell.scope = "col";
      return cell;
    }),
  );
  at(name).replaceChildren(
    ...rows.map((row) => {
      const line = element("tr");
      COLUMNS[name].forEach(([column, told], n) => {
        const cell = element(n ? "td" : "th", kindOf(column), String(told(row)));
        if (!n) cell.scope = "row";
        line.append(cell);
      });
      return line;
    }),
  );
  at(`${name}-none`).hidden = rows.length > 0;
}

function read(day) {
  return work.act(async () => {
    const asked = day ? `?day=${encodeURIComponent(day)}` : "";
    show(await send("GET", `/api/hall/figures${asked}`));
    const now = work.view()?.at;
    at("asked-at").textContent = now ? say("figures_at", { time: clockOf(now) }) : "";
  });
}

at("picking").addEventListener("submit", (event) => event.preventDefault());
at("day").addEventListener("change", () => {
  today = false;
  if (at("day").value) read(at("day").value);
});
at("today").addEventListener("click", () => {
  today = true;
  read();
});
setInterval(() => today && !document.hidden && read(), AGAIN_MS);
read();
