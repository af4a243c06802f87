/* Searching within the values of a facet: those that begin as one types, from /api/v1/facets, which
   knows more of them than the page shows. */

import { formAddress } from "./results.js";

const WAIT_MS = 150;
const MOST_SHOWN = 50;
/* Parameters of the page that the values do not depend on. */
const NOT_ASKED = ["collapse"];

/* Let every facet of the form with filters be searched; typed: what was typed before. */
export function searchFacets(typed = []) {
  for (const box of document.querySelectorAll(".facet-search")) {
    box.hidden = false;
    const input = box.querySelector("input");
    const facet = box.closest("[data-facet]");
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => list(facet, input), WAIT_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    const before = typed.find((one) => one.facet === facet.dataset.facet);
    if (before) {
      input.value = before.text;
      list(facet, input);
    }
  }
}

async function list(facet, input) {
  const values = facet.querySelector(".facet-values");
  const prefix = input.value.trim();
  if (!prefix) {
    facet.querySelector(".facet-found")?.remove();
    values.hidden = false;
    return;
  }
  const box = input.closest(".facet-search");
  const url = new URL(box.dataset.values, document.baseURI);
  for (const [name, value] of formAddress(input.form).searchParams) {
    if (!NOT_ASKED.includes(name)) url.searchParams.append(name, value);
  }
  url.searchParams.set("prefix", prefix);
  url.searchParams.set("limit", MOST_SHOWN);
  let found;
  try {
    const response = await fetch(url);
    if (!response.ok) return;
    found = (await response.json()).values;
  } catch {
    return; /* No network: the values of the page stay. */
  }
  if (input.value.trim() !== prefix || !input.isConnected) return;
  const rows = document.createElement("ul");
  rows.className = "choices facet-found";
  rows.append(...found.filter((one) => one.count || one.selected).map((one) => draw(facet, one)));
  if (!rows.children.length) {
    const none = document.createElement("li");
    none.className = "facet-none";
    none.textContent = box.dataset.none;
    rows.append(none);
  }
  facet.querySelector(".facet-found")?.remove();
  values.hidden = true;
  values.after(rows);
}

/* A value as the page draws it. */
function draw(facet, { value, count, selected }) {
  const row = document.createElement("li");
  const label = document.createElement("label");
  label.className = "choice";
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: facet.dataset.facet, value, checked: selected });
  const text = document.createElement("span");
  text.className = "choice-value";
  const shown = facet.querySelector(`.facet-values input[value="${CSS.escape(value)}"]`);
  text.textContent = shown?.parentElement.querySelector(".choice-value").textContent || value;
  const number = document.createElement("span");
  number.className = "choice-count";
  number.textContent = count.toLocaleString(document.documentElement.lang);
  label.append(box, text, " ", number);
  row.append(label);
  return row;
}
