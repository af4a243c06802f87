/* Suggestions under a search input: the combobox of the ARIA Authoring Practices. The focus stays
   in the input; aria-activedescendant names the option that Enter would take. Used by the search
   page and by the widget for other sites. */

const WAIT_MS = 90;
const MOST_KEPT = 200;
/* Of the list, and between it and the window, in pixels. */
const LEAST_WIDTH = 320;
const EDGE = 8;
const LOOKING_GLASS = "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4Zm3.7 8.7 3.8 3.8";
const SHEET = "M5 3.5h10v13H5zM7.5 7h5m-5 3h5m-5 3h3";
const SVG = "http://www.w3.org/2000/svg";

export class Combobox {
  /* suggest: the address of the suggestions. open(id): goes to an article. words: what is said, of
     words.js. The form holds the input; list and status are put at its end. */
  constructor(form, { suggest, open, words }) {
    this.form = form;
    this.input = form.querySelector("input[name=q]");
    this.suggest = suggest;
    this.open = open;
    this.words = words;
    this.items = [];
    this.active = -1;
    this.typed = this.input.value;
    this.kept = new Map();
    this.build();
    this.listen();
  }

  build() {
    const id = `${this.input.id}-usul`;
    this.list = document.createElement("div");
    this.list.className = "suggest";
    this.list.id = id;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.words.suggestions);
    this.status = document.createElement("p");
    this.status.className = "quiet-text";
    this.status.setAttribute("role", "status");
    this.form.append(this.list, this.status);
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", id);
  }

  listen() {
    this.input.addEventListener("input", () => {
      this.typed = this.input.value;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT_MS);
    });
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    /* mousedown, not click: a click would first take the focus from the input. */
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option && event.button === 0) this.take(Number(option.dataset.number));
    });
    this.form.addEventListener("submit", () => this.close());
  }

  press(event) {
    if (event.isComposing) return;
    const shown = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (shown) this.move(event.key === "ArrowDown" ? 1 : -1);
      else this.ask();
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      this.input.value = this.typed;
      this.close();
    } else if (event.key === "Enter" && shown && this.active >= 0) {
      event.preventDefault();
      this.take(this.active);
    }
  }

  /* Past either end stands what was typed. */
  move(step) {
    const places = this.items.length + 1;
    this.select(((this.active + 1 + step + places) % places) - 1);
  }

  select(number) {
    this.active = number;
    [...this.list.children].forEach((option, other) => {
      option.setAttribute("aria-selected", String(other === number));
      if (other === number) option.scrollIntoView({ block: "nearest" });
    });
    if (number < 0) {
      this.input.removeAttribute("aria-activedescendant");
      this.input.value = this.typed;
    } else {
      this.input.setAttribute("aria-activedescendant", this.list.children[number].id);
      this.input.value = this.items[number].text;
    }
  }

  take(number) {
    const item = this.items[number];
    this.input.value = item.text;
    this.close();
    if (item.id) this.open(item.id);
    else this.form.requestSubmit();
  }

  async ask() {
    /* A space at the end says that the last word is finished. */
    const typed = this.typed.trimStart();
    this.asked = typed;
    if (!typed) return this.close();
    let items = this.kept.get(typed);
    if (!items) {
      this.stop?.abort();
      this.stop = new AbortController();
      try {
        const address = `${this.suggest}?q=${encodeURIComponent(typed)}`;
        const response = await fetch(address, { signal: this.stop.signal });
        if (!response.ok) return this.close();
        items = (await response.json()).suggestions;
      } catch {
        return; /* Given up for a newer one, or no network: suggestions are a help, not a need. */
      }
      if (this.kept.size >= MOST_KEPT) this.kept.clear();
      this.kept.set(typed, items);
    }
    if (this.asked === typed && this.input.getRootNode().activeElement === this.input) {
      this.show(items);
    }
  }

  show(items) {
    this.items = items;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...items.map((item, number) => this.draw(item, number)));
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.status.textContent = items.length ? this.words.howTo(items.length) : "";
    this.place();
  }

  /* Under a narrow box the list is wider than the box, and within the window. */
  place() {
    const { left, width } = this.form.getBoundingClientRect();
    const room = document.documentElement.clientWidth - 2 * EDGE;
    const wide = Math.min(Math.max(width, LEAST_WIDTH), room);
    this.list.style.width = `${wide}px`;
    this.list.style.left = `${Math.min(0, EDGE + room - wide - left)}px`;
  }

  draw(item, number) {
    const option = document.createElement("div");
    option.className = item.id ? "suggest-item suggest-article" : "suggest-item";
    option.id = `${this.list.id}-${number}`;
    option.dataset.number = number;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const text = document.createElement("span");
    text.className = "suggest-row";
    text.append(markTyped(item.text, this.asked));
    const origin = [item.source, writeDay(item.published_at, this.words.locale)].filter(Boolean).join(" · ");
    if (origin) {
      const line = document.createElement("span");
      line.className = "suggest-origin";
      line.textContent = origin;
      text.append(line);
    }
    option.append(drawIcon(item.id ? SHEET : LOOKING_GLASS), text);
    return option;
  }

  close() {
    clearTimeout(this.timer);
    this.asked = null;
    this.stop?.abort();
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
  }
}

function drawIcon(lines) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 20 20");
  icon.setAttribute("width", "18");
  icon.setAttribute("height", "18");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", lines);
  icon.append(path);
  return icon;
}

/* The day of a date as the article has it, whatever the zone of the reader. */
function writeDay(date, locale) {
  const day = new Date(`${(date || "").slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return "";
  return day.toLocaleDateString(locale, { dateStyle: "medium", timeZone: "UTC" });
}

/* The address of an article under a page's. Not every proxy lets an encoded slash through in a
   path, and browsers resolve dots. */
export function articleAddress(page, id) {
  const hard = /[/\\]|^\.\.?$/.test(id);
  return `${page}${hard ? "?id=" : "/"}${encodeURIComponent(id)}`;
}

/* The text with the typed beginnings of its words set apart from the rest. */
function markTyped(text, typed) {
  const span = document.createElement("span");
  span.className = "suggest-text";
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  for (const piece of text.split(/(\s+)/)) {
    const lower = piece.toLowerCase();
    const length = Math.max(0, ...words.filter((w) => lower.startsWith(w)).map((w) => w.length));
    const begin = document.createElement("i");
    begin.textContent = piece.slice(0, length);
    span.append(begin, piece.slice(length));
  }
  return span;
}
