/* What a reader does with hits, reported where the site wants to know: which was opened, and whether
   results that came while typing were stayed with. Nothing says who the reader is, nothing waits for
   it, and nothing is different where it cannot be sent. */

const SETTLED_MS = 2000;
let settling;

/* The results shown, if their searches are recorded. */
function recorded() {
  const results = document.getElementById("hasil");
  return results?.dataset.queryId ? results.dataset : null;
}

function report(shown, action, object) {
  const event = { application: "page", query_id: shown.queryId, action_name: action };
  if (object) event.event_attributes = { object: { object_id: object } };
  const body = new Blob([JSON.stringify(event)], { type: "application/json" });
  navigator.sendBeacon?.(shown.events, body);
}

function click(event) {
  const hit = event.button <= 1 && event.target.closest?.("a") && event.target.closest("#hasil .hit");
  const shown = hit && recorded();
  if (shown) report(shown, "click", hit.dataset.id);
}

/* Results that came at a keystroke: counted once they are looked at. */
function settle() {
  clearTimeout(settling);
  const shown = recorded();
  if (!shown) return;
  settling = setTimeout(() => {
    if (recorded()?.queryId === shown.queryId) report(shown, "search");
  }, SETTLED_MS);
}

export function reportEvents() {
  document.addEventListener("click", click);
  document.addEventListener("auxclick", click);
  document.addEventListener("results", (event) => {
    clearTimeout(settling);
    if (event.detail.live) settle();
  });
}
