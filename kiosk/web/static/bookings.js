// The appointments of today: who has arrived, and new ones.

import { words, at, say, element, keepFocus, send } from "./talk.js";
import { clockOf } from "./clock.js";
import { serviceName } from "./notices.js";

const LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ";
const SIGNS = `0123456789${LETTERS}`;
const CODE_LENGTH = 8;

// The appointments of today, those still to come first.
function showBooked(appointments) {
  const order = { booked: 0, arrived: 1, missed: 2, cancelled: 2 };
  const sorted = [...appointments].sort((a, b) => order[a.state] - order[b.state]);
  keepFocus(
    () => at("booked").replaceChildren(...sorted.map(bookedRow)),
    () => at("appointments").querySelector("#booked button, [data-close]"),
  );
  at("booked-none").hidden = sorted.length > 0;
}

function bookedRow(booked) {
  const row = element("li");
  const what = element("span", "what");
  what.append(element("span", "service", serviceName(booked.service)), element("span", "chip", booked.code));
  row.append(element("span", "who", clockOf(booked.due_at)), what);
  if (booked.state !== "booked") {
    row.append(element("span", "quiet", words[`appointments.state.${booked.state}`]));
    return row;
  }
  const button = element("button", "button", words["appointments.check_in"]);
  button.type = "button";
  button.dataset.checkIn = booked.code;
  button.setAttribute("aria-label", `${words["appointments.check_in"]} ${clockOf(booked.due_at)} ${booked.code}`);
  row.append(button);
  return row;
}

// desk: act(name, work), view(), openDialog(id).
export function useBookings(desk) {
  let unfinished = null; // the code of a booking whose answer never came

  async function readBooked() {
    showBooked((await send("GET", "/api/appointments")).appointments);
  }

  function open() {
    at("booking-told").textContent = "";
    at("booked").replaceChildren();
    at("booked-none").hidden = true;
    desk.openDialog("appointments");
    at("booking").date.value = desk.view().at.slice(0, 10);
    desk.act("appointments", readBooked);
  }

  function checkIn(code) {
    desk.act("check-in", async () => {
      const place = await send("POST", `/api/appointments/${encodeURIComponent(code)}/check-in`);
      const facts = { number: place.number, time: clockOf(place.due_at) };
      at("booking-told").textContent = say("appointments_queued", facts);
      await readBooked();
    });
  }

  function newCode() {
    const bytes = crypto.getRandomValues(new Uint32Array(CODE_LENGTH));
    return [...bytes].map((n, i) => (i ? SIGNS : LETTERS)[n % (i ? SIGNS : LETTERS).length]).join("");
  }

  // Sent again after a lost answer it bears the same code, and is the same booking.
  function book(form) {
    at("booking-told").textContent = "";
    if (!form.date.value || !form.time.value) {
      at("appointments").querySelector(".alert").textContent = words["appointments.missing"];
      (form.date.value ? form.time : form.date).focus();
      return;
    }
    const offset = desk.view().at.match(/(?:Z|[+-]\d\d:\d\d)$/)[0];
    const moment = `${form.date.value}T${form.time.value}:00${offset}`;
    const facts = `${form.service.value} ${moment}`;
    if (unfinished?.facts !== facts) unfinished = { facts, code: newCode() };
    const { code } = unfinished;
    desk.act("book", async () => {
      const booked = await send("POST", "/api/appointments", { service: form.service.value, at: moment, code });
      unfinished = null;
      const [year, month, day] = booked.due_at.slice(0, 10).split("-");
      const told = { code: booked.code, time: clockOf(booked.due_at), date: `${day}/${month}/${year}` };
      at("booking-told").textContent = say("appointments_booked", told);
      form.time.value = "";
      await readBooked();
    });
  }

  return { open, checkIn, book };
}
