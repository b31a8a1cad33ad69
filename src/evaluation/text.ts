/** A number as English writes it: commas between groups of three digits, or of two before the last three, as in India. */
const NUMBER = /^[+-]?(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d+)?(?:\.\d*)?(?:e[+-]?\d+)?$/iu;

/** Reads "1,250.5" or "40 %". NaN where there is no number, or another way of writing one ("12,5", "0x10", "1,2"). */
export function readNumber(text: string): number {
  const digits = text.replace(/[\s%]/gu, "");
  return /\d/u.test(digits) && NUMBER.test(digits) ? Number(digits.replaceAll(",", "")) : Number.NaN;
}

/** Words in lower case between single spaces, with " . " at the ends of sentences. */
export function words(text: string): string {
  const tokens = text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+(?:[.,'’:-][\p{L}\p{N}]+)*|[.!?]/gu);
  return ` ${(tokens ?? []).map((token) => (/^[!?]$/u.test(token) ? "." : token)).join(" ")} `;
}
