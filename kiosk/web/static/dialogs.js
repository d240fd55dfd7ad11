// The clerk's dialogs: each asks one thing and hands the answer to the desk.

import { page, words, at, say, send } from "./talk.js";
import { useBookings } from "./bookings.js";
import { useSlips } from "./slips.js";

// desk: act(name, work), move(name, body), sendMove(name, body), view(), showCalled(ticket), signOut(), tell(text).
export function useDialogs(desk) {
  const counter = `/api/counters/${page.counter}`;
  const open = () => document.querySelector("dialog[open]");
  const alertOf = (dialog) => dialog.querySelector(".alert");
  let about = null; // who was at the counter when the dialog was opened: nobody else is meant by it

  const choices = {
    transfer: ({ service, counter: other }) => {
      const keep_place = at("transfer").querySelector("[name=place]:checked").value === "keep";
      return desk.move("transfer", { ticket: about, ...(service ? { service } : { counter: Number(other) }), keep_place });
    },
    hold: ({ move, reason, place }) =>
      desk.move(move, { ticket: about, ...(move === "return" ? { keep_place: place === "keep" } : { reason: reason ?? "" }) }),
    outcome: ({ outcome }) => desk.move("finish", { ticket: about, ...(outcome ? { outcome } : {}) }),
    pausing: ({ reason }) => pause(reason),
    leaving: () => desk.signOut(),
    alarming: () => withdrawAlarm(),
  };

  function pause(reason) {
    return desk.act("pause", async () => {
      await send("POST", `${counter}/pause`, { reason });
      desk.tell(words["done.pause"]);
    });
  }

  function withdrawAlarm() {
    return desk.act("alarm", async () => {
      await send("DELETE", `${counter}/alarm`);
      desk.tell(words["done.alarm.withdrawn"]);
    });
  }

  function openDialog(id) {
    const dialog = at(id);
    about = desk.view()?.current?.id ?? null;
    for (const form of dialog.querySelectorAll("form")) form.reset();
    for (const radio of dialog.querySelectorAll("[value=keep]")) radio.checked = true;
    const alert = alertOf(dialog);
    if (alert) alert.textContent = "";
    // However a dialog closes, the focus goes back to where it was: to the big key, whose Space is.
    document.activeElement?.blur();
    (at("next").disabled ? at("present-state") : at("next")).focus({ preventScroll: true });
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
      const ticket = await desk.sendMove("call", { number, reason, present: about });
      at("call").close();
      desk.showCalled(ticket);
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

  function note(form) {
    const text = form.text.value.trim();
    if (!text) {
      alertOf(form).textContent = words["note.missing"];
      return;
    }
    desk.act("note", async () => {
      await send("POST", `${counter}/note`, { ticket: about, text });
      at("noting").close();
      desk.tell(words["done.note"]);
    });
  }

  const bookings = useBookings({ ...desk, openDialog });
  const slips = useSlips({ ...desk, openDialog });
  const forms = { call: callNumber, appointments: bookings.book, pausing: pauseFor, noting: note };
  for (const dialog of document.querySelectorAll("dialog:not(#lock)")) {
    dialog.addEventListener("submit", (event) => {
      event.preventDefault();
      forms[dialog.id](event.target);
    });
    dialog.addEventListener("click", ({ target, detail }) => {
      const button = target.closest("button");
      if (button?.matches(".target")) choose(button);
      else if (button?.matches("[data-close]")) dialog.close();
      else if (button?.dataset.checkIn) bookings.checkIn(button.dataset.checkIn);
      else if (button?.dataset.said) slips.say(button.dataset, detail === 0);
    });
  }

  return {
    open,
    openDialog,
    openCall,
    openLeaving,
    openAppointments: bookings.open,
    openSlips: slips.open,
    onKey,
  };
}
