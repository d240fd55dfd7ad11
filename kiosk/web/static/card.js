// A citizen card that a scanner types like a keyboard, wherever the focus is: number, name and address are taken, and
// what is not needed (old number, birth date, sex, day of issue) is dropped at once.

const CARD = /(0\d{11})\|([^|]*)\|([^|]*)\|(\d{8})\|([^|]*)\|([^|]*)(?:\|\d{8}(?:\|[^\r\n\t]*)?)?/;
const STARTED = /0\d{11}\|/;
const ENDED = /0\d{11}\|[^|]*\|[^|]*\|\d{8}\|[^|]*\|[^|]*\|\d{8}/;
const QUIET_MS = 120; // a scanner types faster; who types by hand is done when nothing more comes
const PATIENT_MS = 1000; // what has no end yet may only be slow: half an address is nobody's

// Damaged letters tell nobody's name.
const isName = (text) => /^[\p{L}\p{M}'’. -]+$/u.test(text) && text.includes(" ");
const isPlain = (text) => text !== "" && !/[\uFFFD?\p{C}]/u.test(text);

export function readCard(text) {
  const found = CARD.exec(text);
  if (!found) return null;
  const plain = (part) => part.normalize("NFC").trim();
  const name = plain(found[3]);
  const address = plain(found[6]);
  return { id_number: found[1], owner: isName(name) ? name : "", address: isPlain(address) ? address : "" };
}

const takesText = (node) => node.matches("input:not([type=checkbox], [type=radio], [type=date], [type=number])");

// catcher takes what is scanned while no field for text has the focus; filled(card, field) is told of each
// card, and into which field it was scanned.
export function useCard(catcher, filled) {
  let waiting = null;

  function take(field) {
    clearTimeout(waiting);
    const card = readCard(field.value);
    if (!card) return false;
    // What stood there before it stays.
    field.value = field.value.replace(CARD, "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    filled(card, field);
    return true;
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!takesText(field) || !STARTED.test(field.value)) return;
    // Nothing else on the page looks at half a card.
    event.stopPropagation();
    clearTimeout(waiting);
    waiting = setTimeout(() => take(field), ENDED.test(field.value) ? QUIET_MS : PATIENT_MS);
  }, true);

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (document.querySelector("dialog[open]")) return;
    if (["Enter", "Tab"].includes(key) && target.matches("input") && STARTED.test(target.value)) {
      event.preventDefault();
      event.stopPropagation();
      take(target);
      return;
    }
    const digit = /^\d$/.test(key) && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (digit && !target.matches("input:not([type=checkbox], [type=radio]), textarea")) catcher.focus();
  }, true);
}
