// Fills an index with Meilisearch's own client, waits until it can be searched, and searches it.
// Writes config.js for the page: the address of the service, and a key that may search and no more.

import { readFile, writeFile } from "node:fs/promises";
import { Meilisearch } from "meilisearch";

const host = process.env.SERVICE ?? "http://127.0.0.1:8000";
const client = new Meilisearch({ host, apiKey: process.env.SEARCHSVC_MASTER_KEY });
const index = client.index("berita");

const settings = {
  filterableAttributes: ["kanal", "kota", "menit"],
  sortableAttributes: ["menit"],
};
const articles = JSON.parse(await readFile(new URL("berita.json", import.meta.url), "utf8"));
for (const ordered of [index.updateSettings(settings), index.addDocuments(articles)]) {
  // A machine that is busy may need longer than the five seconds that the client waits by itself.
  const task = await ordered.waitTask({ timeout: 60_000 });
  if (task.status !== "succeeded") throw new Error(JSON.stringify(task.error));
}

const found = await index.search("memanen", { facets: ["kanal"], attributesToRetrieve: ["judul"] });
console.log(found.estimatedTotalHits, found.hits[0].judul, JSON.stringify(found.facetDistribution));

const { results } = await client.getKeys();
const key = results.find((one) => one.actions.join() === "search").key;
const config = `export const service = ${JSON.stringify(host)};\nexport const key = "${key}";\n`;
await writeFile(new URL("config.js", import.meta.url), config);
