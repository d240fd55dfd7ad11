// The sign-in of a clerk at a counter.

import { words, at, Refusal, send, reload } from "./talk.js";

function runEntrance() {
  const form = at("sign-in");
  const remembered = localStorage.getItem("counter");
  const choice = [...form.counter.options].find((option) => option.value === remembered);
  if (choice && !form.counter.value) choice.selected = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    const asked = {
      clerk: form.clerk.value.trim(),
      pin: form.pin.value,
      counter: form.counter.value === "none" ? null : Number(form.counter.value),
    };
    const missing = [form.clerk, form.pin, form.counter].find((field) => !field.value.trim());
    if (missing) {
      at("alert").textContent = words["sign_in.missing"];
      missing.focus();
      return;
    }
    button.disabled = true;
    at("alert").textContent = "";
    try {
      await send("POST", "/api/session", asked);
      localStorage.setItem("counter", form.counter.value);
      reload();
    } catch (error) {
      at("alert").textContent = error instanceof Refusal ? error.message : words["link.no_answer"];
      button.disabled = false;
      form.pin.value = "";
      form.pin.focus();
    }
  });
}

runEntrance();
