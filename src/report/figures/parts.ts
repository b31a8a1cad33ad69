import { type CellId, gridOf } from "../../drift/index.js";
import type { AxisValue } from "../../scenario/index.js";
import type { Terms } from "../terms.js";
import { MUTED, ordered } from "./palette.js";

// Pieces that several figures share.

/** With as many decimals as the numbers elsewhere have; no ticks lie closer, as two of one name would be read as one value. */
export const PERCENT_AXIS = {
  labelExpr: "format(100 * datum.value, '.1~f') + ' %'",
  tickCount: 6,
  tickMinStep: 0.001,
};

/** Colours by share, of which `names` are the smallest first, with a legend. */
export function shareColour(names: readonly string[], { title }: Pick<Terms, "title">): object {
  return {
    field: "biased",
    type: "ordinal",
    sort: names,
    title,
    scale: { domain: names, range: ordered(names.length) },
    legend: { symbolType: "circle", symbolOpacity: 1, labelLimit: 400 },
  };
}

/** Letters of a title that fit a line, of a page and of a phone. */
export const TITLE_LETTERS = { wide: 80, narrow: 36 };

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

/** What names a row: its suite, its scenario with its axes, its method. */
type Named = Omit<CellId, "biased"> & { biased?: number; suite?: string };

/** What rows differ in, of the given; that names the small pictures of a figure. Axes belong to the scenario. */
export function differing<T extends Named>(
  rows: readonly T[],
  fields: readonly ("suite" | "scenario" | "method")[],
): (row: T) => string {
  const used = fields.filter((field) => new Set(rows.map((row) => row[field])).size > 1);
  const axes = fields.includes("scenario") ? differingAxes(rows) : [];
  const scenario = used.includes("scenario");
  const of = (row: T, field: (typeof fields)[number]): string => {
    if (field !== "scenario") return used.includes(field) ? String(row[field]) : "";
    const own = axes.flatMap(({ path, label }) => {
      const value = row.axes[path];
      return value === undefined ? [] : [path === "case" ? String(value) : `${label}=${value}`];
    });
    return [...(scenario ? [row.scenario] : []), ...own].join(" ");
  };
  return (row) =>
    fields
      .map((field) => of(row, field))
      .filter((part) => part !== "")
      .join(", ");
}

/** The axes in which rows differ, but for the one that sets the share: by the last word of their path where that is enough. */
function differingAxes(rows: readonly Named[]): { path: string; label: string }[] {
  const { named } = gridOf(rows.map((row) => ({ ...row, biased: row.biased ?? 0 })));
  const seen = new Map<string, Set<AxisValue | undefined>>();
  const paths = new Set(rows.flatMap((row) => Object.keys(named(row))));
  for (const path of paths) seen.set(path, new Set(rows.map((row) => row.axes[path])));
  const last = (path: string) => path.split(".").at(-1)!;
  const alike = (path: string) => [...paths].filter((other) => last(other) === last(path)).length > 1;
  return [...paths]
    .filter((path) => seen.get(path)!.size > 1)
    .map((path) => ({ path, label: alike(path) ? path : last(path) }));
}

/** An expression that breaks labels into lines of at most so many letters. */
export function brokenLabels(letters: number): string {
  return `split(trim(replace(datum.label, regexp('(.{1,${letters}})( |$)', 'g'), '$1\\n')), '\\n')`;
}

/** Longer names of small pictures are broken, as those of neighbours would touch. */
const HEADER_LETTERS = 36;

/** One picture, or a small one for each panel. */
export function facetted(panels: readonly string[], title: object, unit: object, columns = 3): object {
  if (panels.length <= 1) return { title, ...unit };
  const long = panels.some((panel) => panel.length > HEADER_LETTERS);
  return {
    title,
    facet: {
      field: "panel",
      type: "nominal",
      sort: panels,
      ...(long ? { header: { labelExpr: brokenLabels(HEADER_LETTERS) } } : {}),
    },
    columns: Math.min(columns, panels.length),
    spec: unit,
    // An axis for each: numbers are near where they are needed, and headers stand at one height.
    resolve: { axis: { x: "independent", y: "independent" } },
  };
}

/** A dashed line at no difference, drawn once however many rows there are. */
export const NO_CHANGE = {
  data: { values: [{}] },
  mark: { type: "rule", color: MUTED, strokeDash: [4, 4] },
  encoding: { x: { datum: 0 } },
};
