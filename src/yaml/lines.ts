import type { Complaints } from "../complaints.js";

/** What is made of every line of JSON lines that is not empty; the mistakes of each are kept in `wrong`. */
export function fromLines<T>(
  text: string,
  file: string,
  wrong: Complaints,
  read: (line: string, place: { file: string; line: number }) => T,
): T[] {
  return text.split("\n").flatMap((line, index): T[] => {
    if (line.trim() === "") return [];
    return wrong.attempt(() => [read(line, { file, line: index + 1 })]) ?? [];
  });
}
