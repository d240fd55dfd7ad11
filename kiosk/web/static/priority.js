// Giving a class to somebody who waits, for a reason.

import { words, at, say, send } from "./talk.js";

export function usePriority(work) {
  if (!at("priority")) return;
  at("priority-open").addEventListener("click", () => work.openDialog("priority"));
  at("prioritise").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const number = form.number.value.trim();
    const reason = form.reason.value.trim();
    if (!number || !reason) {
      form.querySelector(".alert").textContent = words["call.missing"];
      (number ? form.reason : form.number).focus();
      return;
    }
    work.act(async () => {
      const asked = { number, priority: form.priority.value, reason };
      const ticket = await send("POST", "/api/hall/priority", asked);
      at("priority").close();
      work.tell(say("hall_prioritised", { number: ticket.number }));
    });
  });
}
