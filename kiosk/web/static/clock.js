// Moments and how long ago they are, by the server's clock.

import { words, say } from "./talk.js";

// A moment's hour and minute, as the office's clock has them.
export const clockOf = (moment) => moment.slice(11, 16);

// The server's clock less ours, in ms, so that an hour of skew shows no wrong wait.
let clockAhead = 0;

export function setClock(moment) {
  clockAhead = Date.parse(moment) - Date.now();
}

export const serverNow = () => Date.now() + clockAhead;
export const since = (moment) => Math.max(0, serverNow() - Date.parse(moment));

export const lasting = (key, n) => (n ? say(key, { n }) : words.just_now);

// Minutes and seconds since a moment, with hours when there are any: "04:09", "1:02:03".
export function stopwatch(moment) {
  const seconds = Math.floor(since(moment) / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
