/** The language as people write it: no blank before punctuation. The tokenizer reads both alike. */
export function tidy(text: string): string {
  return text.replace(/ ([.,:?])/g, "$1");
}

/** The form in which a rule judge looks for phrases: words and numbers alone. */
export function phrase(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}
