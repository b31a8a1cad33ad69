/** Reads "1,250.5" or "40 %". NaN where there is no number. */
export function readNumber(text: string): number {
  const digits = text.replace(/[,\s%]/gu, "");
  return digits === "" ? Number.NaN : Number(digits);
}

/** Words in lower case between single spaces, with " . " at the ends of sentences. */
export function words(text: string): string {
  const tokens = text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+(?:[.,'’:-][\p{L}\p{N}]+)*|[.!?]/gu);
  return ` ${(tokens ?? []).map((token) => (/^[!?]$/u.test(token) ? "." : token)).join(" ")} `;
}
