// A search page of InstantSearch.js over this service: what is chosen is in the address.

import { instantMeiliSearch } from "instant-meilisearch";
import { key, service } from "./config.js";

const { searchClient } = instantMeiliSearch(service, key, { finitePagination: true });
const search = instantsearch({ indexName: "berita", searchClient, routing: true });
const { widgets } = instantsearch;

search.addWidgets([
  widgets.searchBox({ container: "#searchbox", placeholder: "Cari berita" }),
  widgets.sortBy({
    container: "#sort",
    items: [
      { label: "Paling sesuai", value: "berita" },
      { label: "Terpanjang", value: "berita:menit:desc" },
      { label: "Terpendek", value: "berita:menit:asc" },
    ],
  }),
  widgets.stats({
    container: "#stats",
    templates: { text: (data) => `${data.nbHits} berita` },
  }),
  widgets.refinementList({ container: "#kanal", attribute: "kanal" }),
  widgets.refinementList({ container: "#kota", attribute: "kota" }),
  widgets.rangeInput({ container: "#menit", attribute: "menit" }),
  widgets.hits({
    container: "#hits",
    templates: {
      item: (hit, { html, components }) => html`
        <h2>${components.Highlight({ attribute: "judul", hit })}</h2>
        <p>${components.Snippet({ attribute: "isi", hit })}</p>`,
    },
  }),
  widgets.configure({ hitsPerPage: 4, attributesToSnippet: ["isi:12"] }),
  widgets.pagination({ container: "#pages" }),
]);
search.start();
