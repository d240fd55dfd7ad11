// Which calls stand large on the web board: the same rules as the hall's own board (display/hero.py).

let seen = null;
let up = []; // the calls that stand out, the newest first: { call, since, live }

export const standing = () => up;

// Takes in a board; the calls that are to be heard, the first first. "now" in seconds of a steady clock.
export function hear(board, now, rules) {
  const before = new Set(up.map((raised) => raised.call.seq));
  const latest = board.calls[0];
  if (seen === null || board.seq < seen) {
    const at = Date.parse(board.at);
    up = once(board.calls.filter((call) => at - Date.parse(call.at) <= rules.fresh * 1000).map((call) => raise(call, now)));
    if (!up.length && latest) up = [raise(latest, now, false)];
  } else if (!board.calls.length) {
    up = [];
  } else {
    const kept = new Set(board.calls.map((call) => call.seq));
    const fresh = board.calls.filter((call) => call.seq > seen).map((call) => raise(call, now));
    // A call that the board lacks was taken back, or is one of so many that it left the end.
    const last = board.calls[board.calls.length - 1].seq;
    up = once(fresh.concat(up.filter(({ call }) => kept.has(call.seq) || call.seq < last)));
    if (!up.length) up = [raise(latest, now, false)];
  }
  seen = board.seq;
  return up.filter((raised) => raised.live && !before.has(raised.call.seq)).map((raised) => raised.call);
}

// Takes down what had its time; the newest call stays.
export function tick(now, places, rules) {
  const turns = Math.ceil(up.length / Math.max(1, places));
  const hold = turns <= 1 ? rules.together : Math.max(rules.together, (turns + 1) * rules.turn);
  up = up.filter((raised, at) => at === 0 || now - raised.since < hold);
}

// Those on cards, and those highlighted at the head of the list, which take turns where they are too many.
export function placed(now, cards, rows, rules) {
  const large = up.slice(0, Math.max(1, cards));
  let rest = up.slice(large.length);
  if (rows && rest.length > rows) {
    const turns = Math.ceil(rest.length / rows);
    const turn = Math.floor(Math.max(0, now - up[0].since) / rules.turn) % turns;
    rest = rest.slice(turn * rows, (turn + 1) * rows);
  }
  return { large, rest: rest.slice(0, rows) };
}

const raise = (call, since, live = true) => ({ call, since, live });

function once(raised) {
  const numbers = new Set();
  return raised.filter(({ call }) => !numbers.has(call.number) && numbers.add(call.number));
}
