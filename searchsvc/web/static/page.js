/* What the page gains from JavaScript: suggestions while one types, "/" to start typing, and
   Escape to leave the filters. Without it every form and link works as it is. */
(() => {
  "use strict";

  const WAIT_MS = 90;
  const LOOKING_GLASS = "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4Zm3.7 8.7 3.8 3.8";
  const SHEET = "M5 3.5h10v13H5zM7.5 7h5m-5 3h5m-5 3h3";

  /* The combobox of the ARIA Authoring Practices: focus stays in the input, the option that
     Enter would take is named by aria-activedescendant. */
  class Combobox {
    constructor(form) {
      this.form = form;
      this.input = form.querySelector("input[name=q]");
      this.items = [];
      this.active = -1;
      this.typed = this.input.value;
      this.cache = new Map();
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
      this.list.setAttribute("aria-label", "Usulan");
      this.status = document.createElement("p");
      this.status.className = "quiet-text";
      this.status.setAttribute("role", "status");
      this.form.append(this.list, this.status);
      for (const [name, value] of Object.entries({
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": id,
      })) this.input.setAttribute(name, value);
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
      const open = !this.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) this.ask();
        else this.move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        this.input.value = this.typed;
        this.close();
      } else if (event.key === "Enter" && open && this.active >= 0) {
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
      if (item.id) location.assign(this.form.dataset.article + encodeURIComponent(item.id));
      else this.form.requestSubmit();
    }

    async ask() {
      const typed = this.typed.trim();
      this.asked = typed;
      if (!typed) return this.close();
      let items = this.cache.get(typed);
      if (!items) {
        this.stop?.abort();
        this.stop = new AbortController();
        try {
          const address = `${this.form.dataset.suggest}?q=${encodeURIComponent(typed)}`;
          const response = await fetch(address, { signal: this.stop.signal });
          if (!response.ok) return this.close();
          items = (await response.json()).suggestions;
        } catch {
          return; /* Given up for a newer one, or no network: suggestions are a help, not a need. */
        }
        this.cache.set(typed, items);
      }
      if (this.asked === typed && document.activeElement === this.input) this.show(items);
    }

    show(items) {
      this.items = items;
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.list.replaceChildren(...items.map((item, number) => this.draw(item, number)));
      this.list.hidden = !items.length;
      this.input.setAttribute("aria-expanded", String(items.length > 0));
      this.status.textContent = items.length ? `${items.length} usulan, pilih dengan panah` : "";
    }

    draw(item, number) {
      const option = document.createElement("div");
      option.className = "suggest-item";
      option.id = `${this.list.id}-${number}`;
      option.dataset.number = number;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.innerHTML =
        `<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="${item.id ? SHEET : LOOKING_GLASS}"/></svg>`;
      option.append(emphasise(item.text, this.asked));
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

  /* The text with what would be added to the typed words in bold. */
  function emphasise(text, typed) {
    const span = document.createElement("span");
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    for (const piece of text.split(/(\s+)/)) {
      const lower = piece.toLowerCase();
      const begin = words.reduce((most, word) => (lower.startsWith(word) ? Math.max(most, word.length) : most), 0);
      const rest = document.createElement("b");
      rest.textContent = piece.slice(begin);
      span.append(piece.slice(0, begin), rest);
    }
    return span;
  }

  document.querySelectorAll("form[data-suggest]").forEach((form) => new Combobox(form));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !writing) {
      const input = document.querySelector("input[name=q]");
      event.preventDefault();
      input?.focus();
      input?.select();
    } else if (event.key === "Escape" && location.hash === "#saring") {
      location.hash = "#isi";
    }
  });
})();
