// What is known of each device: what is the matter and what to do, and since when.

import { page, words, at, say, element } from "./talk.js";
import { clockOf } from "./clock.js";

const RANK = { fault: 0, warning: 1, ok: 2 };

// Of a code what happened and what to do; undefined for one that has no sentence.
export const whatOf = (reason) => page.devices[reason];
export const mendOf = (reason) => page.devices[`${reason}.do`];
export const troubleOf = (reason) => whatOf(reason) && [whatOf(reason), mendOf(reason)].filter(Boolean).join(" ");

// "keypad 3" is the one at counter 3.
export function deviceName({ name }) {
  const [kind, ...number] = name.split(" ");
  return [page.devices[kind] ?? kind, ...number].join(" ");
}

export function showDevices({ devices, at: now }) {
  const told = JSON.stringify([devices, now.slice(0, 10)]);
  if (at("devices-broken").dataset.told === told) return;
  at("devices-broken").dataset.told = told;
  const several = new Set(devices.map(({ kiosk }) => kiosk)).size > 1;
  const sorted = [...devices].sort((one, other) => RANK[one.state] - RANK[other.state]);
  const broken = sorted.filter(({ state }) => state !== "ok");
  const well = sorted.filter(({ state }) => state === "ok");
  at("devices-broken").replaceChildren(...broken.map((device) => brokenRow(device, several, now)));
  at("devices-well").replaceChildren(...well.map((device) => wellRow(device, several)));
  at("devices-broken").hidden = broken.length === 0;
  at("devices-well").hidden = well.length === 0;
  const [key, n] = broken.length ? ["hall_devices_broken", broken.length] : ["hall_devices_well", well.length];
  at("devices-told").textContent = devices.length ? say(key, { n }) : "";
}

function brokenRow(device, several, now) {
  const row = element("li");
  row.dataset.state = device.state;
  const head = element("div", "line");
  const name = element("h3", "", deviceName(device));
  if (several) name.append(" ", element("span", "chip", device.kiosk));
  head.append(name, element("span", "chip state", words[`hall.device.${device.state}`]));
  row.append(head, element("p", "what", whatOf(device.reason) ?? device.reason));
  if (mendOf(device.reason)) row.append(element("p", "mend", mendOf(device.reason)));
  row.append(element("p", "quiet", say("hall_device_since", { time: momentOf(device.since, now) })));
  return row;
}

function wellRow(device, several) {
  const row = element("li", "", deviceName(device));
  if (several) row.append(" ", element("span", "quiet", device.kiosk));
  return row;
}

// The hour, with the day unless it is today's.
function momentOf(moment, now) {
  const day = moment.slice(0, 10);
  if (day === now.slice(0, 10)) return clockOf(moment);
  return `${clockOf(moment)} ${day.slice(8, 10)}/${day.slice(5, 7)}`;
}
