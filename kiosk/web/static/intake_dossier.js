// One dossier: what is known of it, its steps, and what may become of it now.

import { page, words, at, say, element, isSeen, Refusal, send } from "./talk.js";
import { dateOf, digitsOf, factList, momentOf, money, paperText } from "./intake_form.js";

const VALUES = { note: "note", handler: "handler", unit: "unit", taker: "taker", authority: "authority", secret: "secret", signer: "signer", number: "number" };
const AT_ONCE = new Set(["take_papers", "take_payment"]);

// desk: act(work), openDialog(id), offset(), changed(), tell(text).
export function useDossier(desk) {
  let known = null;
  let chosen = null;

  async function open(code) {
    await desk.act(async () => {
      const told = await send("POST", "/api/intake/read", { code });
      desk.openDialog("dossier");
      show(told);
    });
  }

  function show(told) {
    known = told;
    at("dossier-code").textContent = known.code;
    at("dossier-state").textContent = known.status_name;
    at("dossier-state").dataset.status = known.status;
    at("dossier-due").textContent = known.promised_at ? say("intake_due_on", { date: momentOf(known.promised_at) }) : "";
    showMoves();
    showFacts();
    at("steps").replaceChildren(...known.steps.map(stepRow));
  }

  function showMoves() {
    choose(null);
    const buttons = known.moves.map((move, n) => {
      const button = element("button", "button", words[`intake.move.${move}`]);
      button.type = "button";
      button.dataset.move = move;
      button.dataset.key = n + 1;
      const key = element("kbd", "", String(n + 1));
      key.setAttribute("aria-hidden", "true");
      button.append(" ", key);
      return button;
    });
    const again = element("button", "button", words["intake.again"]);
    again.type = "button";
    again.dataset.again = "";
    at("moves").replaceChildren(...buttons, again);
  }

  function showFacts() {
    const fees = known.fees.map((fee) => `${fee.name}: ${money(fee.amount ?? 0)}, ${words[fee.paid ? "intake.paid" : "intake.unpaid"]}`);
    const asked = known.supplements.map((one) => `${dateOf(one.asked_at)}: ${one.text ?? ""}`);
    const moved = known.postponements.map((one) => `${dateOf(one.due_after)}: ${one.reason ?? ""}`);
    factList(at("dossier-facts"), [
      [words["intake.procedure"], `${known.procedure_name} (${known.procedure_code})`],
      [words["intake.person"], known.owner],
      [words["intake.phone"], known.phone],
      [words["intake.id_number"], known.id_number],
      [words["intake.address"], known.address],
      [words["intake.submitter"], known.submitter],
      [words["intake.handler"], known.handler],
      [words["intake.unit"], known.resolving_unit],
      [words["intake.received_at"], known.received_at ? momentOf(known.received_at) : ""],
      [words["intake.due.short"], known.due_at ? momentOf(known.due_at) : ""],
      [words["intake.due.new"], known.new_due_at ? momentOf(known.new_due_at) : ""],
      [words["intake.papers"], known.papers.map(paperText).join("\n")],
      [words["intake.sets"], String(known.sets)],
      [words["intake.fees"], fees.join("\n")],
      [words["intake.supplements"], asked.join("\n")],
      [words["intake.postponements"], moved.join("\n")],
      [words["intake.secret.own"], known.secret],
      [words["intake.taker"], [known.taker, known.taken_with].filter(Boolean).join(", ")],
    ]);
  }

  function stepRow(step) {
    const row = element("li");
    const when = step.at ? say("intake_step", { status: step.status_name, time: step.at.slice(11, 16), date: dateOf(step.at) }) : step.status_name;
    row.append(element("strong", "", when));
    const more = [step.handler, step.unit, step.task, step.note].filter(Boolean).join(" · ");
    if (more) row.append(element("span", "quiet", more));
    return row;
  }

  // The form of a move shows what that needs.
  function choose(move) {
    chosen = move;
    at("moving").reset();
    at("moving").hidden = !move;
    for (const button of at("moves").querySelectorAll("[data-move]")) button.setAttribute("aria-pressed", String(button.dataset.move === move));
    if (!move) return;
    at("moving-title").textContent = words[`intake.move.${move}`];
    at("move-now").textContent = words[`intake.now.${move}`];
    const owed = known.fees.some((fee) => fee.amount && !fee.paid);
    for (const part of at("moving").querySelectorAll("[data-for]")) {
      part.hidden = !part.dataset.for.split(" ").includes(move) || ("owed" in part.dataset && !owed);
    }
    if (move === "begin") {
      at("handler").value = page.clerk;
      at("unit").value = known.resolving_unit ?? "";
    }
    if (move === "hand_over") at("taker").value = known.submitter || known.owner;
    at("dossier").querySelector(".alert").textContent = at("dossier-told").textContent = "";
    const first = [...at("moving").querySelectorAll("input")].find(isSeen) ?? at("move-now");
    at("moving").scrollIntoView({ block: "nearest" });
    first.focus();
  }

  function told(move) {
    const shown = (id) => !at(id).closest("[data-for]").hidden;
    const facts = { code: known.code, move, version: known.version };
    for (const [name, id] of Object.entries(VALUES)) if (shown(id) && at(id).value.trim()) facts[name] = at(id).value.trim();
    if (shown("move-papers")) {
      const names = at("move-papers").value.split(";").map((name) => name.trim()).filter(Boolean);
      facts.papers = names.map((name) => ({ name, originals: 1 }));
    }
    if (shown("until") && at("until").value) facts.until = `${at("until").value}T00:00:00${desk.offset()}`;
    if (shown("fee-name")) facts.fee = { name: at("fee-name").value.trim(), amount: Number(digitsOf(at("fee-amount").value)) || 0 };
    if (shown("paid")) facts.paid = at("paid").checked;
    return facts;
  }

  function go(move) {
    desk.act(async () => {
      try {
        show(await send("POST", "/api/intake/move", told(move)));
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== "dossier_moved") throw error;
        // Somebody was quicker: what it is now stands below what the server says.
        show(await send("POST", "/api/intake/read", { code: known.code }));
        throw error;
      }
      at("dossier-told").textContent = words[`intake.done.${move}`];
      desk.changed();
      (at("moves").querySelector("button") ?? at("dossier")).focus();
    });
  }

  function again(code, node) {
    return desk.act(async () => {
      await send("POST", "/api/intake/reprint", { code });
      node.textContent = words["intake.again.done"];
    });
  }

  at("moves").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.move) {
      choose(button.dataset.move);
      if (AT_ONCE.has(chosen)) at("move-now").focus();
    } else if (button) again(known.code, at("dossier-told"));
  });
  at("moving").addEventListener("submit", (event) => {
    event.preventDefault();
    go(chosen);
  });
  at("dossier").addEventListener("keydown", (event) => {
    if (event.target.matches("input") || event.ctrlKey || event.altKey || event.repeat) return;
    const button = at("moves").querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  return { open, again };
}
