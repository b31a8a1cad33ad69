import { percent } from "../../numbers.js";
import type { PreviewRow } from "../../population/index.js";
import { plainTable } from "./tables.js";

export type Preview = { axes: Record<string, unknown>; seed: number; rounds: readonly PreviewRow[] };

const WIDTH = 40;
/** One for each persona in turn, readable without colour. */
const FILL = ["░", "█", "▓", "▒", "▚", "▞", "○", "●"];

/** For each population of a scenario: a table of who is there by round, and the same drawn as bars. */
export function previewTable(previews: readonly Preview[]): string {
  const blocks = previews.map(({ axes, seed, rounds }) => {
    const heading = [...Object.entries(axes).map(([path, value]) => `${path} ${value}`), `seed ${seed}`];
    return `\n${heading.join(", ")}\n\n${table(rounds)}\n\n${bars(rounds)}\n`;
  });
  return blocks.join("\n");
}

function table(rounds: readonly PreviewRow[]): string {
  const names = Object.keys(rounds[0]?.personas ?? {});
  const columns: [string, (row: PreviewRow) => string | number][] = [
    ["round", ({ round }) => round],
    ["users", ({ size }) => size],
    ...names.map((name): (typeof columns)[number] => [name, ({ personas }) => personas[name]!.users]),
    ["biased, meant", ({ biased }) => percent(biased)],
    ["biased, drawn", ({ biased_realized }) => percent(biased_realized)],
    ["come again", ({ again }) => again],
    ["held out", ({ held_out }) => held_out],
    ["situations", ({ situations }) => situations],
  ];
  const optional = new Map<string, "again" | "held_out">([
    ["come again", "again"],
    ["held out", "held_out"],
  ]);
  const shown = columns.filter(([title]) => {
    const field = optional.get(title);
    return field === undefined || rounds.some((row) => row[field] > 0);
  });
  const rows = plainTable(shown.map(([title]) => title));
  for (const row of rounds) rows.push(shown.map(([, cell]) => cell(row)));
  return rows.toString();
}

function bars(rounds: readonly PreviewRow[]): string {
  const names = Object.keys(rounds[0]?.personas ?? {});
  const most = Math.max(1, ...rounds.map(({ size }) => size));
  const lines = rounds.map(({ round, personas }) => {
    // Ends are rounded, not lengths, so that a bar is as long as its total.
    let users = 0;
    let end = 0;
    const parts = names.map((name, index) => {
      users += personas[name]!.users;
      const length = Math.round((users / most) * WIDTH) - end;
      end += length;
      return FILL[index % FILL.length]!.repeat(length);
    });
    return `${String(round).padStart(5)}  ${parts.join("")}`;
  });
  const legend = names.map((name, index) => `${FILL[index % FILL.length]} ${name}`).join("   ");
  return `${lines.join("\n")}\n\n       ${legend}`;
}
