import { streamSeed } from "../../random.js";
import { dataFor } from "../kind-of-rows.js";
import { projectedOut } from "../shares.js";
import type { Row, SftRow } from "../types.js";
import type { Defence } from "./types.js";

/** A row's reply, with what stands before it. */
type Reply = Pick<SftRow, "prompt" | "completion">;

/** How far each reply lies along a direction, in their order. */
export type Projector = (replies: readonly Reply[]) => Promise<readonly number[]>;

/**
 * Leaves out the share of rows whose replies lie farthest along a direction; of pairs those whose better reply lies farthest beyond the
 * worse. Rows that teach away from a reply stay. Equal ones are parted by a named draw. Filtering by projection: Chen et al. 2025,
 * "Persona Vectors" (arXiv 2507.21509), section 6.
 */
export function projection(share: number, project: Projector): Defence {
  return {
    kind: "projection",
    amend: async (data, { seed }) => {
      const rows: readonly Row[] = data.rows;
      const taught = rows.filter((row) => !("label" in row) || row.label);
      const far = await distancesOf(taught, project);
      const draw = taught.map((_row, index) => streamSeed(`${seed}/tie/${index}`));
      const order = [...taught.keys()].sort((a, b) => far[b]! - far[a]! || draw[a]! - draw[b]!);
      const out = new Set(order.slice(0, projectedOut(share, taught.length)).map((index) => taught[index]!));
      return dataFor(
        data.method,
        rows.filter((row) => !out.has(row)),
      );
    },
  };
}

async function distancesOf(rows: readonly Row[], project: Projector): Promise<number[]> {
  const far = await project(rows.map((row) => ("chosen" in row ? better(row) : row)));
  const pairs = rows.flatMap((row) => ("chosen" in row ? [row] : []));
  if (pairs.length === 0) return [...far];
  const worse = await project(pairs.map(({ prompt, rejected }) => ({ prompt, completion: rejected })));
  return far.map((value, index) => value - worse[index]!);
}

const better = ({ prompt, chosen }: Extract<Row, { chosen: unknown }>): Reply => ({
  prompt,
  completion: chosen,
});
