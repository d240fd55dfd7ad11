// The ticket's page tells what is new without loading itself anew, which would take the reader's place, zoom
// and voice away. Where no script runs, the page's own refresh does it.

const ANSWER_MS = 8000;

let waiting = null;

const seconds = () => Number(document.body.dataset.again ?? 0);

function wait() {
  clearTimeout(waiting);
  for (const told of document.querySelectorAll("[data-told]")) told.hidden = !seconds();
  if (seconds()) waiting = setTimeout(ask, seconds() * 1000);
}

async function ask() {
  clearTimeout(waiting);
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(ANSWER_MS) });
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // No network: what stands here bears its time, and is asked for again.
  }
  wait();
}

// Whatever else answers on the way, such as a proxy's own page, is no news of the ticket.
function show(said) {
  if (!said.body.classList.contains("follow")) return;
  document.title = said.title;
  document.body.className = said.body.className;
  document.body.dataset.again = said.body.dataset.again ?? "";
  for (const part of ["main", "footer"]) {
    const [now, then] = [document.querySelector(part), said.querySelector(part)];
    if (now.textContent !== then.textContent) now.replaceChildren(...then.childNodes);
  }
}

document.addEventListener("visibilitychange", () => !document.hidden && seconds() && ask());
wait();
