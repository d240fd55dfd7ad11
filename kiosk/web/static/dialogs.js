// The clerk's dialogs: each asks one thing and hands the answer to the desk.

import { page, words, at, say, send } from "./talk.js";
import { clockOf, showBooked, showSaid, showSlips } from "./show.js";

const LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ";
const SIGNS = `0123456789${LETTERS}`;
const CODE_LENGTH = 8;

// desk: act(name, work), move(name, body), sendMove(name, body), view(), showCalled(ticket), signOut(), tell(text).
export function useDialogs(desk) {
  const counter = `/api/counters/${page.counter}`;
  const open = () => document.querySelector("dialog[open]");
  const alertOf = (dialog) => dialog.querySelector(".alert");
  let ending = null; // whose visit the dialog says that a call ends
  let unfinished = null; // the code of a booking whose answer never came

  const choices = {
    transfer: ({ service, counter: other }) => {
      const keep_place = at("transfer").querySelector("[name=place]:checked").value === "keep";
      return desk.move("transfer", { ...(service ? { service } : { counter: Number(other) }), keep_place });
    },
    hold: ({ move, reason, place }) =>
      desk.move(move, move === "return" ? { keep_place: place === "keep" } : { reason: reason ?? "" }),
    outcome: ({ outcome }) => desk.move("finish", outcome ? { outcome } : {}),
    pausing: ({ reason }) => pause(reason),
    leaving: () => desk.signOut(),
  };

  function pause(reason) {
    return desk.act("pause", async () => {
      await send("POST", `${counter}/pause`, { reason });
      desk.tell(words["done.pause"]);
    });
  }

  function openDialog(id) {
    const dialog = at(id);
    for (const form of dialog.querySelectorAll("form")) form.reset();
    for (const radio of dialog.querySelectorAll("[value=keep]")) radio.checked = true;
    const alert = alertOf(dialog);
    if (alert) alert.textContent = "";
    // However a dialog closes, the focus goes back to where it was: to the big key, whose Space is.
    document.activeElement?.blur();
    at("next").focus({ preventScroll: true });
    dialog.showModal();
  }

  function choose(button) {
    const dialog = button.closest("dialog");
    dialog.close();
    choices[dialog.id](button.dataset);
  }

  // Keys while a dialog is open; true when it was this dialog's.
  function onKey(event, letter) {
    const dialog = open();
    if (!dialog) return false;
    if (event.target.matches("input:not([type=radio]), select")) return true;
    if (event.key === "End" && dialog.id === "transfer") {
      event.preventDefault();
      const radios = [...dialog.querySelectorAll("[name=place]")];
      radios.find((radio) => !radio.checked).checked = true;
      return true;
    }
    const target = dialog.querySelector(`.target[data-key="${CSS.escape(letter)}"]`);
    if (target && !event.repeat) {
      event.preventDefault();
      choose(target);
    }
    return true;
  }

  function openCall() {
    const present = desk.view()?.current;
    ending = present?.id ?? null;
    at("call-ends").textContent = present ? say("call_ends", { number: present.number }) : "";
    openDialog("call");
  }

  // The close button has the focus first: an Enter too many ends nobody's visit.
  function openLeaving() {
    at("leaving-ends").textContent = say("leaving_ends", { number: desk.view().current.number });
    openDialog("leaving");
  }

  function callNumber(form) {
    const number = form.number.value.trim();
    const reason = form.reason.value.trim();
    if (!number || !reason) {
      alertOf(form).textContent = words["call.missing"];
      (number ? form.reason : form.number).focus();
      return;
    }
    desk.act("call", async () => {
      const ticket = await desk.sendMove("call", { number, reason, present: ending });
      at("call").close();
      desk.showCalled(ticket);
    });
  }

  async function readBooked() {
    showBooked((await send("GET", "/api/appointments")).appointments);
  }

  function openAppointments() {
    at("booking-told").textContent = "";
    at("booked").replaceChildren();
    at("booked-none").hidden = true;
    openDialog("appointments");
    at("booking").date.value = desk.view().at.slice(0, 10);
    desk.act("appointments", readBooked);
  }

  // Without the rows of what was said when it was open before.
  function openSlips() {
    showSlips(desk.view());
    openDialog("slips");
  }

  async function sayOfSlip({ job, said }, byKey) {
    await desk.act("slips", async () => {
      await send("POST", `/api/jobs/${encodeURIComponent(job)}/${said}`);
      showSaid(job, said);
    });
    // Its keys are gone with what was said: those of the next row are at hand, and nothing moves under a pointer.
    const rows = [...at("slip-list").children];
    const here = rows.findIndex((row) => row.dataset.job === job);
    if (rows.some((row) => row.contains(document.activeElement))) return;
    const open = (row) => !("done" in row.dataset);
    const row = rows.slice(here + 1).find(open) ?? rows.slice(0, here).findLast(open) ?? at("slips");
    row.querySelector("button").focus({ preventScroll: true });
    if (byKey) row.scrollIntoView({ block: "nearest" });
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
      alertOf(at("appointments")).textContent = words["appointments.missing"];
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

  function pauseFor(form) {
    const reason = form.reason.value.trim();
    if (!reason) {
      alertOf(form).textContent = words["pause.missing"];
      return;
    }
    at("pausing").close();
    pause(reason);
  }

  const forms = { call: callNumber, appointments: book, pausing: pauseFor };
  for (const dialog of document.querySelectorAll("dialog:not(#lock)")) {
    dialog.addEventListener("submit", (event) => {
      event.preventDefault();
      forms[dialog.id](event.target);
    });
    dialog.addEventListener("click", ({ target, detail }) => {
      const button = target.closest("button");
      if (button?.matches(".target")) choose(button);
      else if (button?.matches("[data-close]")) dialog.close();
      else if (button?.dataset.checkIn) checkIn(button.dataset.checkIn);
      else if (button?.dataset.said) sayOfSlip(button.dataset, detail === 0);
    });
  }

  return { open, openDialog, openCall, openLeaving, openAppointments, openSlips, onKey };
}
