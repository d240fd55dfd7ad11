// What all of the staff are told beside their own work: the link, devices, slips, lines in need.

import { page, words, at, say, element } from "./talk.js";
import { clockOf } from "./clock.js";
import { deviceName, troubleOf } from "./devices.js";
import { isOpen, nameOf } from "./slips.js";

export const serviceName = (code) => page.services[code] ?? code;

export function showLink(state) {
  if (at("link").dataset.state === state) return;
  at("link").dataset.state = state;
  at("link-text").textContent = words[`link.${state}`];
}

const placed = (name, { kiosk }) => (kiosk === page.kiosk ? name : `${name} (${kiosk})`);
const listed = (numbers) => numbers.slice(0, 5).join(", ") + (numbers.length > 5 ? ", …" : "");

export function showNotices(view, unavailable) {
  const told = [];
  if (unavailable) told.push(page.unavailable[unavailable] ?? words.refused);
  // Who calls and directs nobody has them above all else on the page.
  const above = at("devices-broken") && !page.may.direct;
  for (const device of above ? [] : view?.devices ?? []) {
    // A process that was started again has been mended already.
    if (device.state === "ok" || device.name.startsWith("process_")) continue;
    told.push(say("device", { device: placed(deviceName(device), device), reason: troubleOf(device.reason) ?? device.reason }));
  }
  for (const state of ["unknown", "failed", "queued"]) {
    const jobs = (view?.jobs ?? []).filter(
      (job) => job.state === state && isOpen(job),
    );
    const numbers = jobs.map((job) => placed(nameOf(job), job));
    if (numbers.length) told.push(say(`job_${state}`, { number: listed(numbers) }));
  }
  for (const [key, services] of warnedLines(view?.warnings ?? [])) {
    const [warning, time] = key.split("|");
    told.push(say(`line_${warning}`, { service: services.join(", "), time }));
  }
  for (const { warning, counter, people, numbers } of view?.warnings ?? []) {
    if (warning === "sent_to_closed") told.push(say(warning, { n: people, counter }));
    if (warning === "kept_at_closed") told.push(say(warning, { numbers: listed(numbers), counter }));
  }
  const shown = [...at("notices").children].map((row) => row.textContent);
  if (shown.join("\n") === told.join("\n")) return;
  at("notices").replaceChildren(...told.map((text) => element("li", "", text)));
  at("notices").hidden = told.length === 0;
}

// The services with the same warning until the same time stand in one notice.
function warnedLines(warnings) {
  const lines = new Map();
  for (const { service, warning, ends_at } of warnings.filter((known) => known.service)) {
    const key = `${warning}|${warning !== "no_counter" && ends_at ? clockOf(ends_at) : ""}`;
    lines.set(key, [...(lines.get(key) ?? []), serviceName(service)]);
  }
  return lines;
}
