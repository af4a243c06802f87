/* What the scripts say, in the languages that the page has. */
export const WORDS = {
  id: {
    search: "Cari",
    searchArticles: "Cari artikel",
    suggestions: "Usulan",
    howTo: (count) => `${count} usulan. Pilih dengan panah atas dan bawah.`,
    locale: "id-ID",
  },
  en: {
    search: "Search",
    searchArticles: "Search articles",
    suggestions: "Suggestions",
    howTo: (count) => `${count} suggestions. Choose with the arrow keys up and down.`,
    locale: "en-GB",
  },
};

/* The words of a language tag; Indonesian where it is none of ours. */
export function chooseWords(tag) {
  return WORDS[(tag || "").slice(0, 2).toLowerCase()] || WORDS.id;
}
