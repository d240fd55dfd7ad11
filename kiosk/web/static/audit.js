// The trail of who did what, from the latest back.

import { page, words, at, element, keepFocus, send } from "./talk.js";
import { useWork } from "./work.js";

const work = useWork();
let older = null;

const asked = () => new URLSearchParams([...new FormData(at("searching"))].filter(([, value]) => value));

function dayOf(moment) {
  const [year, month, day] = moment.slice(0, 10).split("-");
  return `${day}/${month}/${year}`;
}

function actorOf({ actor, name }) {
  if (name) return name;
  const [kind, ...rest] = actor.split(":");
  return [words[`audit.actor.${kind}`] ?? kind, ...rest].join(" ");
}

function eventRow(event) {
  const row = element("tr");
  const moment = element("th", "", `${event.at.slice(11, 19)} `);
  moment.scope = "row";
  moment.append(element("span", "quiet", dayOf(event.at)));
  row.append(moment);
  row.append(element("td", "deed", page.kinds[event.kind] ?? event.kind));
  row.append(element("td", "of", event.number ?? ""), element("td", "counter", event.counter ?? ""));
  row.lastChild.dataset.head = words["audit.counter"];
  row.append(element("td", "who", actorOf(event)), element("td", "more", event.told.join(" · ")));
  return row;
}

function read(before) {
  const wanted = asked();
  if (before) wanted.set("before", before);
  return work.act(async () => {
    const found = await send("GET", `/api/events?${wanted}`);
    if (!before) at("events").replaceChildren();
    at("events").append(...found.events.map(eventRow));
    older = found.older;
    keepFocus(
      () => (at("older").hidden = older === null),
      () => document.querySelector(".lines .scroll"),
    );
    at("events-none").hidden = at("events").children.length > 0;
  });
}

at("searching").addEventListener("submit", (event) => {
  event.preventDefault();
  read();
});
at("older").addEventListener("click", () => read(older));
read();
