/* What the page gains from JavaScript: suggestions while one types, "/" to start typing, and
   Escape to leave the filters. Without it every form and link works as it is. */
import { Combobox, articleAddress } from "./combobox.js";

for (const form of document.querySelectorAll("form[data-suggest]")) {
  new Combobox(form, {
    suggest: form.dataset.suggest,
    open: (id) => location.assign(articleAddress(form.dataset.article, id)),
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !writing) {
    const input = document.querySelector("input[name=q]");
    event.preventDefault();
    input?.focus();
    input?.select();
  } else if (event.key === "Escape" && !writing && location.hash === "#saring") {
    location.hash = "#isi";
  }
});
