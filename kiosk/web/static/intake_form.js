// The form of the intake: what is handed in, by whom, and when its result is due.

import { page, words, at, say, element, send } from "./talk.js";
import { useCard } from "./card.js";

const SEARCH_MS = 120;
const FIELDS = ["owner", "id_number", "phone", "address", "submitter"];
const MONEY = new Intl.NumberFormat(page.lang);
const FIELD_OF = { owner_needed: "owner", phone_digits: "phone", bad_id_number: "id_number", due_needed: "due", due_past: "due", no_such_procedure: "procedure" };

export const dateOf = (moment) => moment.slice(0, 10).split("-").reverse().join("/");
export const momentOf = (moment) => {
  const time = moment.slice(11, 16);
  return time === "00:00" ? dateOf(moment) : say("intake_due", { time, date: dateOf(moment) });
};
export const money = (amount) => `${MONEY.format(amount)} đ`;
export const digitsOf = (text) => text.replace(/[^\d]/g, "");

export function factList(list, facts) {
  const rows = facts.filter(([, value]) => value).map(([label, value]) => {
    const row = element("div");
    row.append(element("dt", "", label), element("dd", "", value));
    return row;
  });
  list.replaceChildren(...rows);
}

// desk: act(work), view(), offset(). tell(text) is heard, not seen.
export function useForm(desk) {
  const search = at("procedure");
  const list = at("procedures");
  let posting = null; // the procedure that was chosen
  let asked = 0;
  let timer = null;

  // The procedure

  async function look() {
    const mine = ++asked;
    const found = await send("POST", "/api/intake/procedures", { text: search.value.slice(0, 120) });
    if (mine !== asked || posting) return;
    list.replaceChildren(...found.procedures.map(option));
    if (!found.procedures.length) list.append(element("li", "none", words["intake.procedure.none"]));
    open(true);
    mark(0);
  }

  // An Enter before anything was found chooses what is found alone.
  async function lookAndChoose() {
    await look();
    if (options().length === 1) choose(options()[0].dataset.code);
  }

  function option(hit, n) {
    const row = element("li");
    row.id = `procedure-${n}`;
    row.setAttribute("role", "option");
    row.dataset.code = hit.code;
    row.append(element("strong", "", hit.name), element("small", "quiet", [hit.code, hit.field].filter(Boolean).join(" · ")));
    return row;
  }

  function open(shown) {
    list.hidden = !shown;
    search.setAttribute("aria-expanded", String(shown));
    if (!shown) search.removeAttribute("aria-activedescendant");
  }

  const options = () => [...list.querySelectorAll("[role=option]")];
  const marked = () => list.querySelector("[aria-selected=true]");

  function mark(n) {
    const all = options();
    if (!all.length) return search.removeAttribute("aria-activedescendant");
    const wanted = all[(n + all.length) % all.length];
    for (const one of all) one.setAttribute("aria-selected", String(one === wanted));
    search.setAttribute("aria-activedescendant", wanted.id);
    wanted.scrollIntoView({ block: "nearest" });
  }

  async function choose(code) {
    asked += 1;
    open(false);
    await desk.act(async () => {
      posting = await send("POST", "/api/intake/procedure", { code });
      search.value = `${posting.name} (${posting.code})`;
      wrong("procedure", "");
      at("procedure-about").textContent = [posting.field, posting.agency].filter(Boolean).join(" · ");
      showPapers();
      showTerms();
      (at("papers").querySelector("input") ?? at("owner")).focus();
    });
  }

  function forget() {
    posting = null;
    at("papers-part").hidden = true;
    at("papers").replaceChildren();
    at("procedure-about").textContent = at("due-about").textContent = at("fee-about").textContent = "";
  }

  // What was found for another text is not chosen by an Enter that is meant for this one.
  search.addEventListener("input", () => {
    if (posting) forget();
    asked += 1;
    list.replaceChildren();
    open(false);
    clearTimeout(timer);
    timer = setTimeout(() => desk.quietly(look), SEARCH_MS);
  });
  search.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.isComposing) return;
    const at_ = options().indexOf(marked());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void desk.quietly(look);
      mark(at_ + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !posting) {
      event.preventDefault();
      clearTimeout(timer);
      if (marked()) choose(marked().dataset.code);
      else desk.quietly(lookAndChoose);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      open(false);
    }
  });
  search.addEventListener("blur", () => open(false));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const code = event.target.closest("[data-code]")?.dataset.code;
    if (code) choose(code);
  });

  // The papers

  function showPapers() {
    at("papers-part").hidden = false;
    at("papers").replaceChildren(...posting.papers.map(paperRow));
    at("all-papers").hidden = posting.papers.length === 0;
    at("papers-part").querySelector(".paper-heads").hidden = posting.papers.length === 0;
  }

  function paperRow(paper) {
    const row = element("li");
    const label = element("label");
    const tick = element("input");
    tick.type = "checkbox";
    label.append(tick);
    if (paper.name) {
      label.append(` ${paper.name}`);
      row.dataset.name = paper.name;
    } else {
      tick.checked = true;
      tick.setAttribute("aria-label", words["intake.papers.other"]);
    }
    row.append(label);
    if (!paper.name) {
      const name = element("input", "named");
      name.setAttribute("aria-label", words["intake.papers.other"]);
      name.placeholder = words["intake.papers.other"];
      row.append(name);
    }
    for (const kind of ["originals", "copies"]) {
      const count = element("input", "count");
      count.type = "number";
      count.min = 0;
      count.max = 99;
      count.value = paper[kind];
      count.dataset.kind = kind;
      count.setAttribute("aria-label", `${words[`intake.${kind}`]}: ${paper.name || words["intake.papers.other"]}`);
      count.addEventListener("input", () => (tick.checked = true));
      row.append(count);
    }
    return row;
  }

  at("all-papers").addEventListener("click", () => {
    for (const tick of at("papers").querySelectorAll("[type=checkbox]")) tick.checked = true;
  });
  at("more-papers").addEventListener("click", () => {
    const row = paperRow({ name: "", originals: 1, copies: 0 });
    at("papers").append(row);
    at("papers-part").querySelector(".paper-heads").hidden = false;
    row.querySelector(".named").focus();
  });

  function papers() {
    return [...at("papers").children].flatMap((row) => {
      const name = row.dataset.name ?? row.querySelector(".named").value.trim();
      if (!name || !row.querySelector("[type=checkbox]").checked) return [];
      const count = (kind) => Math.max(0, Math.min(999, Number(row.querySelector(`[data-kind=${kind}]`).value) || 0));
      return [{ name, originals: count("originals"), copies: count("copies") }];
    });
  }

  const missing = () => [...at("papers").querySelectorAll("[data-name]")]
    .filter((row) => !row.querySelector("[type=checkbox]").checked).map((row) => row.dataset.name);

  // The term and the fee

  const terms = () => posting?.channels.find(({ channel }) => channel === Number(at("channel").value));

  function showTerms() {
    const known = terms();
    at("fee").value = known?.amount ? MONEY.format(known.amount) : "";
    at("fee_paid").checked = false;
    const plain = known?.amount !== null && digitsOf(known?.fee ?? "") === String(known?.amount);
    at("fee-about").textContent = plain ? "" : known?.fee ?? "";
    showDue();
  }

  function showDue() {
    const known = terms();
    const own = at("due").value;
    const term = own || !known?.term ? "" : ` · ${known.term}`;
    const when = own ? dateOf(own) : known?.due_at ? momentOf(known.due_at) : "";
    at("due-about").textContent = when ? say("intake_due_on", { date: when }) + term : posting ? words["intake.due.untold"] : "";
  }

  at("channel").addEventListener("change", showTerms);
  at("due").addEventListener("input", showDue);

  // What is wrong stands at its field.

  function wrong(id, text) {
    at(`${id}-wrong`).textContent = text;
    if (text) at(id).setAttribute("aria-invalid", "true");
    else at(id).removeAttribute("aria-invalid");
  }

  function check() {
    const found = [];
    const value = (id) => at(id).value.trim();
    const tell = (id, bad, key) => {
      wrong(id, bad ? words[key] : "");
      if (bad) found.push(id);
    };
    tell("procedure", !posting, "intake.wrong.procedure");
    tell("owner", !value("owner"), "intake.wrong.owner");
    const phone = value("phone").replace(/[\s.()-]/g, "");
    tell("phone", phone && !/^\+?\d{8,15}$/.test(phone), "intake.wrong.phone");
    const id = value("id_number").replace(/[\s.]/g, "");
    tell("id_number", id && !/^(0\d{11}|\d{10}(-?\d{3})?)$/.test(id), "intake.wrong.id_number");
    tell("sets", !(Number(value("sets")) >= 1 && Number(value("sets")) <= 99), "intake.wrong.sets");
    const untold = posting && !value("due") && !terms()?.due_at;
    tell("due", untold, "intake.due.untold");
    if (untold) at("due-about").textContent = "";
    if (found.length) at(found[0]).focus();
    return found.length === 0;
  }

  function order() {
    const amount = Number(digitsOf(at("fee").value)) || 0;
    const fees = amount ? [{ name: words["intake.fee.name"], amount, paid: at("fee_paid").checked }] : [];
    const due = at("due").value;
    return {
      procedure: posting.code,
      ...Object.fromEntries(FIELDS.map((id) => [id, at(id).value.trim()])),
      channel: Number(at("channel").value),
      papers: papers(),
      fees,
      sets: Number(at("sets").value),
      ...(due ? { due_at: `${due}T00:00:00${desk.offset()}` } : {}),
    };
  }

  function review() {
    const told = order();
    const paid = told.fees[0]?.paid ? words["intake.paid"] : words["intake.unpaid"];
    factList(at("review-facts"), [
      [words["intake.procedure"], search.value],
      [words["intake.person"], told.owner],
      [words["intake.id_number"], told.id_number],
      [words["intake.phone"], told.phone],
      [words["intake.address"], told.address],
      [words["intake.submitter"], told.submitter],
      [words["intake.channel"], words[`intake.channel.${told.channel}`]],
      [words["intake.papers"], told.papers.map(paperText).join("\n")],
      [words["intake.sets"], String(told.sets)],
      [words["intake.fee"], told.fees.length ? `${money(told.fees[0].amount)}, ${paid}` : ""],
      [words["intake.due.short"], at("due-about").textContent],
    ]);
    const lacking = missing();
    at("review-missing").textContent = lacking.length ? say("intake_missing", { papers: lacking.join("; ") }) : "";
  }

  function clear() {
    at("taking").reset();
    forget();
    search.value = at("scanned").textContent = "";
    for (const id of ["procedure", ...FIELDS, "sets", "fee", "due"]) wrong(id, "");
    at("taking").removeAttribute("data-filled");
  }

  at("taking").addEventListener("input", ({ target }) => {
    at("taking").toggleAttribute("data-filled", true);
    if (at(`${target.id}-wrong`)) wrong(target.id, "");
  });
  useCard(at("scan"), (card, field) => {
    // In the search it finds what its owner has here.
    if (field === at("find")) {
      field.value = card.id_number;
      field.dispatchEvent(new Event("input"));
      return;
    }
    at("taking").toggleAttribute("data-filled", true);
    at("id_number").value = card.id_number;
    if (card.owner) at("owner").value = card.owner;
    if (card.address) at("address").value = card.address;
    for (const id of ["owner", "id_number", "address"]) wrong(id, "");
    const whole = card.owner && card.address;
    at("scanned").textContent = words[whole ? "intake.scanned" : "intake.scanned.damaged"];
    at(card.owner ? (card.address ? "phone" : "address") : "owner").focus();
  });

  // A refusal that is about a field stands at it; false for any other one.
  function refused(error) {
    const id = FIELD_OF[error.code];
    if (!id) return false;
    wrong(id, error.message);
    at(id).focus();
    return true;
  }

  return { check, order, review, clear, refused };
}

export function paperText({ name, originals, certified, copies }) {
  const counts = [["originals", originals], ["certified", certified], ["copies", copies]]
    .filter(([, n]) => n).map(([kind, n]) => `${n} ${words[`intake.${kind}`].toLowerCase()}`);
  return counts.length ? `${name}: ${counts.join(", ")}` : name;
}
