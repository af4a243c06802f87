/* A search box for any site: one script tag puts it where the tag stands.

     <script type="module" src="https://cari.example/static/searchsvc-widget.js"></script>

   docs/widget.md lists its attributes. It lives in a shadow root, so the site's styles and its
   own leave each other alone; colours are set by custom properties. */
import { Combobox, articleAddress } from "./combobox.js";
import { chooseWords } from "./words.js";

const SERVICE = new URL("..", import.meta.url).href;
const ELEMENT = "searchsvc-search";

const STYLE = `
:host { display: block; min-width: 0; max-width: 100%; font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  --w-accent: var(--searchsvc-accent, #0b5f55); --w-on-accent: var(--searchsvc-on-accent, #fff);
  --w-ground: var(--searchsvc-ground, #fff); --w-ink: var(--searchsvc-ink, #16191c);
  --w-soft: var(--searchsvc-soft, #565e61); --w-line: var(--searchsvc-line, #868d86);
  --w-tint: var(--searchsvc-tint, #e3f1ee); color: var(--w-ink); }
@media (prefers-color-scheme: dark) { :host([theme="auto"]) {
  --w-accent: var(--searchsvc-accent, #5fc9b8); --w-on-accent: var(--searchsvc-on-accent, #06201c);
  --w-ground: var(--searchsvc-ground, #12161a); --w-ink: var(--searchsvc-ink, #e7eaec);
  --w-soft: var(--searchsvc-soft, #a3adb3); --w-line: var(--searchsvc-line, #77838b);
  --w-tint: var(--searchsvc-tint, #16322f); } }
* { box-sizing: border-box; }
form { position: relative; margin: 0; }
.field { display: flex; border: 1px solid var(--w-line); border-radius: 10px; background: var(--w-ground); }
.field:focus-within { border-color: var(--w-accent); box-shadow: 0 0 0 3px color-mix(in srgb, var(--w-accent) 28%, transparent); }
/* As a part of the whole, the input gives way in any header. */
input { flex: 1 1 100%; width: 100%; min-width: 0; height: 2.75rem; padding: 0 .9rem; border: 0; background: none; color: inherit; font: inherit; appearance: none; }
input:focus { outline: none; }
input::placeholder { color: var(--w-soft); opacity: 1; }
input::-webkit-search-cancel-button { appearance: none; }
button { flex: none; height: 2.25rem; margin: .25rem; padding: 0 1.1rem; border: 0; border-radius: 7px; background: var(--w-accent); color: var(--w-on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--w-accent); outline-offset: 2px; }
.suggest { position: absolute; left: 0; width: 100%; top: calc(100% + .4rem); z-index: 1000; background: var(--w-ground); border: 1px solid var(--w-line); border-radius: 10px; box-shadow: 0 8px 28px rgb(0 0 0 / 18%); padding: .35rem; max-height: 70vh; overflow: auto; }
.suggest[hidden] { display: none; }
.suggest-item { display: flex; gap: .7rem; align-items: center; padding: .5rem .6rem; border-radius: 7px; cursor: pointer; line-height: 1.35; }
.suggest-item[aria-selected="true"], .suggest-item:hover { background: var(--w-tint); }
.suggest-item svg { flex: none; stroke: var(--w-soft); fill: none; stroke-width: 1.6; }
.suggest-text { font-weight: 700; overflow-wrap: anywhere; }
.suggest-text i { font-style: normal; font-weight: 400; }
.suggest-row { display: block; min-width: 0; }
.suggest-origin { display: block; color: var(--w-soft); font-size: .8125rem; }
.suggest-article .suggest-text { font-weight: 400; }
.suggest-article .suggest-text i { font-weight: 700; }
.quiet-text { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

class SearchBox extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const words = chooseWords(this.getAttribute("lang"));
    const label = this.getAttribute("label") || words.searchArticles;
    const form = document.createElement("form");
    form.setAttribute("role", "search");
    form.action = this.getAttribute("action") || SERVICE;
    const field = document.createElement("div");
    field.className = "field";
    const input = document.createElement("input");
    Object.assign(input, { type: "search", name: "q", id: "q", placeholder: label, autocomplete: "off", spellcheck: false, enterKeyHint: "search", maxLength: 2000 });
    input.setAttribute("aria-label", label);
    input.setAttribute("autocapitalize", "none");
    const button = document.createElement("button");
    button.type = "submit";
    button.textContent = this.getAttribute("button") || words.search;
    field.append(input, button);
    form.append(field);
    root.append(form);
    const articles = this.getAttribute("open") === "article" ? "artikel" : "buka";
    new Combobox(form, {
      suggest: `${SERVICE}api/v1/suggest`,
      open: (id) => location.assign(articleAddress(SERVICE + articles, id)),
      words,
    });
  }
}

if (!customElements.get(ELEMENT)) customElements.define(ELEMENT, SearchBox);

/* A module runs once however many tags name it, and does not know which; so each gets its box. */
for (const script of document.querySelectorAll("script[src]")) {
  if (script.src !== import.meta.url || script.dataset.box === "none") continue;
  const box = document.createElement(ELEMENT);
  for (const [name, value] of Object.entries(script.dataset)) box.setAttribute(name, value);
  const target = script.dataset.target && document.querySelector(script.dataset.target);
  if (target) target.append(box);
  else if (document.body.contains(script)) script.after(box);
}
