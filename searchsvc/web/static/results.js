/* Results that change in place. Whatever leads to other results of the page (a filter, an order, a
   page number, a key in the search box) asks for the page of that address and puts its results in
   the place of those shown: without a jump, keeping the focus and what was unfolded, with an entry
   in the history. The address says all; without this script it is simply gone to. */

const REGION = "temuan";
const MOST_KEPT = 20;
const LIVE_WAIT_MS = 250;
/* Typing that goes on within this is one entry of the history. */
const PAUSE_MS = 1500;
const TYPED_DATE_MS = 900;

export class Results {
  /* search: the form of the search box. */
  constructor(search) {
    this.search = search;
    this.input = search.querySelector("input[name=q]");
    this.shown = addressOf(location);
    this.home = new URL(search.action).pathname;
    this.kept = new Map();
    this.status = document.getElementById("kabar");
    document.addEventListener("click", (event) => this.click(event));
    document.addEventListener("change", (event) => this.change(event));
    document.addEventListener("submit", (event) => this.submit(event));
    addEventListener("popstate", () => this.travel());
    if (this.region.dataset.live === "1") {
      this.input.addEventListener("input", () => this.type());
    }
  }

  get region() {
    return document.getElementById(REGION);
  }

  get filters() {
    return document.getElementById("saring");
  }

  click(event) {
    const link = event.target.closest?.("a");
    if (!link || !this.region.contains(link) || event.defaultPrevented || event.button) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.getAttribute("href"), document.baseURI);
    if (url.origin !== location.origin || url.pathname !== this.home || !url.search) return;
    if (url.hash && addressOf(url) === this.shown) return;
    event.preventDefault();
    this.show(url, { top: Boolean(link.closest(".pager, .empty")) });
  }

  change(event) {
    const field = event.target;
    if (field.form !== this.filters || !field.name) return;
    clearTimeout(this.dated);
    if (field.type === "checkbox") {
      for (const other of this.filters.elements) {
        if (other.name === field.name && other.value === field.value) other.checked = field.checked;
      }
      this.show(formAddress(this.filters));
    } else if (field.checkValidity()) {
      /* A date changes with each of its digits. */
      this.dated = setTimeout(() => this.show(formAddress(this.filters)), TYPED_DATE_MS);
    }
  }

  submit(event) {
    const form = event.target;
    if (form !== this.search && form !== this.filters) return;
    const url = formAddress(form);
    if (!url.search) return;
    event.preventDefault();
    this.stopTyping();
    this.show(url);
    if (form === this.search && matchMedia("(hover: none)").matches) this.input.blur();
  }

  type() {
    clearTimeout(this.waiting);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => (this.burst = false), PAUSE_MS);
    this.waiting = setTimeout(() => {
      if (!this.input.value.trim()) return;
      this.show(formAddress(this.search), { live: true });
    }, LIVE_WAIT_MS);
  }

  stopTyping() {
    clearTimeout(this.waiting);
    clearTimeout(this.pause);
    this.burst = false;
  }

  /* Show the results of an address. live: while one types, so a failure is let pass. top: from
     their beginning. */
  async show(url, { live = false, top = false } = {}) {
    this.keep();
    const html = await this.ask(url, live);
    if (html === null) return;
    if (!html.includes(`id="${REGION}"`)) {
      if (!live) location.assign(url);
      return;
    }
    const address = addressOf(url);
    if (address !== this.shown || !live) {
      const hash = location.hash === "#saring" ? location.hash : "";
      history[live && this.burst ? "replaceState" : "pushState"](null, "", address + hash);
    }
    if (live) this.burst = true;
    this.shown = address;
    this.kept.set(address, html);
    this.put(html, { live, top });
  }

  /* The page at an address; null where it was given up for a newer one, or could not be had. */
  async ask(url, live) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.region.setAttribute("aria-busy", "true");
    try {
      const headers = live ? { "X-Search-As-You-Type": "1" } : {};
      const response = await fetch(url, { signal: asking.signal, headers });
      const html = await response.text();
      if (response.ok) return asking.signal.aborted ? null : html;
    } catch (error) {
      if (error.name === "AbortError") return null;
    }
    this.region.removeAttribute("aria-busy");
    if (!live) location.assign(url);
    return null;
  }

  /* Back and forward. */
  travel() {
    const address = addressOf(location);
    if (address === this.shown) return;
    this.stopTyping();
    this.asking?.abort();
    const html = this.kept.get(address);
    if (!html) return location.reload();
    this.shown = address;
    this.put(html, {});
  }

  /* Remember the page that is left as the server sent it. */
  keep() {
    if (this.kept.size > MOST_KEPT) this.kept.clear();
    if (!this.kept.has(this.shown)) {
      this.kept.set(this.shown, document.documentElement.outerHTML);
    }
  }

  put(html, { live = false, top = false }) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = document.adoptNode(page.getElementById(REGION));
    const old = this.region;
    const focus = old.contains(document.activeElement) ? describe(document.activeElement) : null;
    const scrolled = this.filters.scrollTop;
    for (const fold of old.querySelectorAll("details[data-keep][open]")) {
      const same = fresh.querySelector(`details[data-keep="${CSS.escape(fold.dataset.keep)}"]`);
      if (same) same.open = true;
    }
    const typed = [...old.querySelectorAll(".facet-search input")].filter((one) => one.value);
    old.replaceWith(fresh);
    this.filters.scrollTop = scrolled;
    document.title = page.title;
    const kept = page.querySelector(".search-kept");
    if (kept) this.search.querySelector(".search-kept").replaceWith(document.adoptNode(kept));
    if (!live) this.input.value = page.querySelector("input[name=q]").value;
    document.dispatchEvent(new CustomEvent("results", { detail: { typed: typed.map(describeTyped), live } }));
    if (top) {
      document.getElementById("hasil").scrollIntoView({ block: "start" });
      document.getElementById("jumlah").focus({ preventScroll: true });
    } else if (focus) {
      (findLike(fresh, focus) || document.getElementById("jumlah")).focus({ preventScroll: true });
    }
    this.status.textContent = document.getElementById("jumlah").textContent;
  }
}

function addressOf(place) {
  return place.pathname + place.search;
}

/* Where a form leads, without what is empty in it. */
export function formAddress(form) {
  const url = new URL(form.action);
  const pairs = [...new FormData(form)].filter(([, value]) => value.trim());
  const seen = new Set();
  for (const [name, value] of pairs) {
    const pair = JSON.stringify([name, value]);
    if (!seen.has(pair)) url.searchParams.append(name, value.trim());
    seen.add(pair);
  }
  return url;
}

function describe(element) {
  return {
    tag: element.localName,
    name: element.name || "",
    value: element.type === "checkbox" ? element.value : "",
    label: element.getAttribute("aria-label") || element.textContent,
    facet: element.closest("[data-facet]")?.dataset.facet,
  };
}

/* The element of the new results that is what another was in the old ones. */
function findLike(region, sought) {
  const same = [...region.querySelectorAll(sought.tag)].filter((one) => {
    const found = describe(one);
    return Object.keys(sought).every((key) => found[key] === sought[key]);
  });
  return same.find((one) => one.checkVisibility()) || null;
}

function describeTyped(input) {
  return { facet: input.closest("[data-facet]").dataset.facet, text: input.value };
}
