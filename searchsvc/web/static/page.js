/* What the page gains from JavaScript: suggestions while one types, results that change in place,
   facets that can be searched, "/" to start typing, and Escape to leave the filters. Without it
   every form and link works as it is. */
import { Combobox, articleAddress } from "./combobox.js";
import { reportEvents } from "./events.js";
import { searchFacets } from "./facets.js";
import { Results } from "./results.js";
import { chooseWords } from "./words.js";

const root = document.documentElement;
root.classList.add("scripted");

for (const form of document.querySelectorAll("form[data-suggest]")) {
  new Combobox(form, {
    suggest: form.dataset.suggest,
    open: (id) => location.assign(articleAddress(form.dataset.article, id)),
    words: chooseWords(root.lang),
  });
}

if (document.getElementById("temuan")) {
  new Results(document.querySelector("form.search"));
  searchFacets();
  document.addEventListener("results", (event) => searchFacets(event.detail.typed));
  reportEvents();
}

/* The sheet of filters of a phone stays open while its results change, which :target would not. */
function showSheet() {
  root.classList.toggle("filtering", location.hash === "#saring");
}
addEventListener("hashchange", showSheet);
showSheet();

/* A picture that cannot be loaded leaves its room empty. */
const PICTURES = "img.thumb, .picture img";
document.addEventListener(
  "error",
  (event) => event.target.matches?.(PICTURES) && event.target.classList.add("lost"),
  true,
);
for (const image of document.querySelectorAll(PICTURES)) {
  if (image.complete && !image.naturalWidth && image.currentSrc) image.classList.add("lost");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const writing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.key === "/" && !writing) {
    const input = document.querySelector("input[name=q]:not([type=hidden])");
    event.preventDefault();
    input?.focus();
    input?.select();
  } else if (event.key === "Escape" && !writing && location.hash === "#saring") {
    location.hash = "#hasil";
  }
});
