// Pieces that several figures share.

export const PERCENT_AXIS = { labelExpr: "format(100 * datum.value, '.0f') + ' %'", tickCount: 6 };

/** Breaks text into lines of at most `width` characters. */
export function wrapped(text: string, width: number): string[] {
  const out: string[] = [];
  for (const word of text.split(" ")) {
    const last = out.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  return out;
}

/** Values without repeats, smallest first. */
export function steps(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** The fields among which rows differ; those name the small pictures of a figure. */
export function differing<T extends Record<string, unknown>>(
  rows: readonly T[],
  fields: readonly (keyof T & string)[],
): (row: T) => string {
  const used = fields.filter((field) => new Set(rows.map((row) => row[field])).size > 1);
  const starts = used.map((field) => commonStart(rows.map((row) => String(row[field]))));
  return (row) =>
    used.map((field, index) => withoutPaths(String(row[field]).slice(starts[index]!.length))).join(", ");
}

/** `training.beta=0.1` is `beta=0.1` to people. */
function withoutPaths(name: string): string {
  return name.replace(/(?:[A-Za-z_]\w*\.)+(?=\w+=)/gu, "");
}

/** The word and its space with which all names begin, as cases of a sweep do with the scenario's; "" if there is none. */
function commonStart(names: readonly string[]): string {
  const start = /^\S+ (?=\S)/u.exec(names[0] ?? "")?.[0] ?? "";
  return names.every((name) => name.startsWith(start) && name.length > start.length) ? start : "";
}

/** One picture, or a small one for each panel. */
export function facetted(panels: readonly string[], title: object, unit: object, columns = 3): object {
  if (panels.length <= 1) return { title, ...unit };
  return {
    title,
    facet: { field: "panel", type: "nominal", sort: panels },
    columns: Math.min(columns, panels.length),
    spec: unit,
    // An axis for each: numbers are near where they are needed, and headers stand at one height.
    resolve: { axis: { x: "independent", y: "independent" } },
  };
}
