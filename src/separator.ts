/** What stands between the columns of a table in text. */
export type Separator = "," | ";" | "\t";

const SEPARATORS: readonly Separator[] = [",", ";", "\t"];

/** The separator of a CSV file, by its first line: the one that stands there most often outside of quotes, else a comma. */
export function separatorOf(text: string): Separator {
  const [head = ""] = text.split("\n", 1);
  const bare = head.replaceAll(/"(?:[^"]|"")*"/gu, "");
  const counts = SEPARATORS.map((sign) => bare.split(sign).length - 1);
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}

/** A separator in words: `semicolons`. */
export function separatorWords(separator: Separator): string {
  return separator === "," ? "commas" : separator === ";" ? "semicolons" : "tabs";
}
