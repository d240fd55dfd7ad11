// The slips that may not have come out, and what a member of staff says became of them.

import { page, words, at, element, send } from "./talk.js";
import { troubleOf } from "./devices.js";
import { clockOf, since } from "./clock.js";

const QUEUED_MS = 10000;

// What a clerk can say of a slip, by what is known of it.
const SAYABLE = {
  queued: ["drop"],
  unknown: ["printed", "reprint", "drop"],
  failed: ["printed", "reprint", "drop"],
};

// A ticket that was dropped, or said to have come out, by mistake; what a form says is forgotten then.
const mendable = (job, said) => (job.number && (said === "drop" || said === "printed") ? ["reprint"] : []);

// A slip on its way to a printer that prints is nobody's worry.
export const isOpen = ({ state, created_at }) =>
  state !== "sending" && (state !== "queued" || since(created_at) > QUEUED_MS);

// The rows while the dialog is open, by the id of the slip: none goes or moves under a finger.
const slipRows = new Map();

export function showSlips({ jobs: all, jobs_total: total }) {
  const jobs = all.filter(isOpen);
  // Those that are not told are younger than the last one that is.
  const more = total > all.length && isOpen(all.at(-1));
  at("slips-open").hidden = jobs.length === 0;
  at("slips-count").textContent = more ? `${jobs.length}+` : jobs.length;
  at("slips-more").hidden = !more;
  if (!at("slips").open) {
    slipRows.clear();
    at("slip-list").replaceChildren();
  }
  const open = new Set(jobs.map(({ id }) => id));
  const saidOf = (id) => (slipRows.get(id)?.said === "else" ? undefined : slipRows.get(id)?.said);
  for (const job of jobs) putSlip(job.id, { job, said: saidOf(job.id) });
  for (const [id, { job, said }] of slipRows) if (!open.has(id)) putSlip(id, { job, said: said ?? "else" });
  at("slips-none").hidden = slipRows.size > 0;
}

// What became of a slip stands in its row until the dialog is closed, so that a slip of the hand can be mended.
function showSaid(id, said) {
  const known = slipRows.get(id);
  if (known) putSlip(id, { job: known.job, said });
}

function putSlip(id, { job, said }) {
  const known = slipRows.get(id);
  const told = JSON.stringify([job, said]);
  if (known?.told === told) return;
  const row = slipRow(job, said);
  if (known) {
    row.style.minHeight = `${known.row.getBoundingClientRect().height}px`;
    known.row.replaceWith(row);
  } else at("slip-list").append(row);
  slipRows.set(id, { job, said, told, row });
}

const whyOf = (reason) => words[`slips.why.${reason}`] ?? troubleOf(reason) ?? words["slips.why.undrawable"];

export const nameOf = (job) => job.number ?? [words[`slip.${job.slip}`], job.dossier].filter(Boolean).join(" ");

function slipRow(job, said) {
  const row = element("li");
  const number = nameOf(job);
  const what = element("span", "what");
  what.append(element("span", "service", words[said ? `slips.done.${said}` : `slips.state.${job.state}`]), element("span", "chip", clockOf(job.created_at)));
  if (job.kiosk !== page.kiosk) what.append(element("span", "chip", job.kiosk));
  row.append(element("span", "who", number), what);
  row.dataset.job = job.id;
  row.toggleAttribute("data-done", said !== undefined);
  const says = element("span", "says");
  for (const sayable of said ? mendable(job, said) : SAYABLE[job.state]) {
    const button = element("button", "button", words[`slips.${sayable}`]);
    button.type = "button";
    Object.assign(button.dataset, { said: sayable, job: job.id });
    button.setAttribute("aria-label", `${words[`slips.${sayable}`]} ${number}`);
    says.append(button);
  }
  if (says.childElementCount) row.append(says);
  if (job.reason && !said) row.append(element("span", "why", whyOf(job.reason)));
  return row;
}

// desk: act(name, work), view(), openDialog(id).
export function useSlips(desk) {
  // Without the rows of what was said when it was open before.
  function open() {
    showSlips(desk.view());
    desk.openDialog("slips");
  }

  async function say({ job, said }, byKey) {
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

  return { open, say };
}
