// The settings of the office: field by field, or the whole file. What is saved is checked first and applied at once.

import { words, at, say, element, send } from "./talk.js";
import { useWork } from "./work.js";

const work = useWork();
let opened = null; // the file as it was read: text, digest, values
let base = null; // the file on which the text in hand stands: text, digest

const fields = [...document.querySelectorAll(".field")];
const control = (field) => field.querySelector("input, select, textarea");
const listed = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

// The value that stands in the file, also where a plain name stands for the first language.
function kept(key) {
  const { values } = opened;
  if (key in values) return values[key];
  const plain = /^(.*)\.vi$/.exec(key)?.[1];
  return plain && typeof values[plain] === "string" ? values[plain] : undefined;
}

function fill(field) {
  const value = kept(field.dataset.key);
  if (field.dataset.kind === "ticks") {
    for (const box of field.querySelectorAll("input")) box.checked = (value ?? []).includes(box.value);
  } else if (field.dataset.kind === "lines") control(field).value = (value ?? []).join("\n");
  else if (field.dataset.kind === "choice") control(field).value = value ?? control(field).options[0].value;
  else control(field).value = value ?? "";
}

// What the field asks for; undefined where it asks for what stands there already.
function wished(field) {
  const { key, kind } = field.dataset;
  const before = kept(key);
  let value;
  if (kind === "ticks") {
    const ticked = [...field.querySelectorAll("input:checked")].map((box) => box.value);
    const first = (before ?? []).filter((code) => ticked.includes(code));
    value = [...first, ...ticked.filter((code) => !first.includes(code))];
    if (!value.length) value = null;
  } else if (kind === "lines") value = listed(control(field).value);
  else if (kind === "number" || kind === "real") {
    const text = control(field).value.trim().replace(",", ".");
    value = text === "" ? null : Number.isNaN(Number(text)) ? text : Number(text);
  } else value = control(field).value.trim() || (before === undefined ? null : "");
  const same = JSON.stringify(value) === JSON.stringify(before) || (before === undefined && (value === null || value?.length === 0));
  if (kind === "choice" && before === undefined && value === control(field).options[0].value) return undefined;
  return same ? undefined : value;
}

function wishesOf(form) {
  return [...form.querySelectorAll(".field")].flatMap((field) => {
    const value = wished(field);
    return value === undefined ? [] : [{ key: field.dataset.key, value }];
  });
}

function showChanged() {
  for (const form of document.querySelectorAll("form[data-fields]")) form.querySelector("[type=submit]").disabled = !wishesOf(form).length;
  at("whole-form").querySelector("[type=submit]").disabled = at("text").value === base.text;
}

// What was changed in another form than the saved one stays in hand.
async function read(saved = null) {
  const said = await send("GET", "/api/settings");
  const free = (node) => !opened || saved?.contains(node);
  const drawn = fields.filter((field) => free(field) || wished(field) === undefined);
  const textDrawn = free(at("text")) || at("text").value === base.text;
  opened = said;
  drawn.forEach(fill);
  if (textDrawn) {
    base = { text: said.text, digest: said.digest };
    at("text").value = said.text;
  }
  for (const part of document.querySelectorAll(".all")) part.disabled = false;
  showChanged();
}

function told(value) {
  if (value === null) return "–";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function showChanges(changes) {
  at("changes").replaceChildren(...changes.map(({ key, old, new: now }) => element("li", "", `${key}: ${told(old)} → ${told(now)}`)));
}

// A mistake names its key in the file; here it bears the field's own label.
function inWords(message) {
  const labels = fields.map((field) => [`${field.dataset.key}:`, field.querySelector("label, legend").textContent]);
  return message.split("\n").map((line) => {
    const known = labels.find(([key]) => line.startsWith(key));
    return known ? `${known[1]}: ${line.slice(known[0].length).trim()}` : line;
  }).join("\n");
}

// A refusal is told in the card in which it was asked for.
async function ask(form, body, done) {
  const alert = form.querySelector(".alert");
  alert.textContent = "";
  try {
    const answer = await send("POST", "/api/settings", body);
    await done(answer);
  } catch (error) {
    if (!error.code || error.status === 401) throw error;
    alert.textContent = inWords(error.message);
  }
}

const save = (form, body) =>
  work.act(() =>
    ask(form, body, async ({ changes }) => {
      await read(form);
      form.querySelector(".alert").textContent = "";
      work.tell(say("settings_saved", { n: changes.length }));
      showSaved(form, changes.length);
    }),
  );

// The page is loaded again when its settings have changed: the card says then too that they were saved.
function showSaved(form, n) {
  sessionStorage.setItem("saved", JSON.stringify({ card: form.closest("details").id, n }));
  tellSaved(form, n);
}

function tellSavedBefore() {
  const before = JSON.parse(sessionStorage.getItem("saved"));
  sessionStorage.removeItem("saved");
  const card = before && at(before.card);
  if (!card) return;
  card.open = true;
  tellSaved(card.querySelector("form"), before.n);
  card.scrollIntoView({ block: "nearest" });
}

function tellSaved(form, n) {
  const button = form.querySelector("[type=submit]");
  form.querySelector(".saved")?.remove();
  button.after(element("p", "good saved", say("settings_saved", { n })));
}

for (const form of document.querySelectorAll("form[data-fields]")) {
  form.addEventListener("input", () => {
    form.querySelector(".saved")?.remove();
    showChanged();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wishes = wishesOf(form);
    if (wishes.length) save(form, { digest: opened.digest, wishes });
  });
}
at("text").addEventListener("input", showChanged);
at("whole-form").addEventListener("submit", (event) => {
  event.preventDefault();
  at("changes").replaceChildren();
  save(event.target, { digest: base.digest, text: at("text").value });
});
at("check").addEventListener("click", () => {
  at("changes").replaceChildren();
  work.act(() =>
    ask(at("whole-form"), { digest: base.digest, text: at("text").value, dry: true }, ({ changes }) => {
      showChanges(changes);
      if (!changes.length) at("changes").replaceChildren(element("li", "", words["settings.no_change"]));
    }),
  );
});
work.act(async () => {
  await read();
  tellSavedBefore();
});
