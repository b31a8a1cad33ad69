import { mean } from "../mean.js";
import { bulkDraws } from "./bulk-draws.js";
import type { Table } from "./table.js";

/** How far a cell's mean strays from seed to seed once what all cells share in a seed is taken out. */
export type Stray = { variance: number; freedom: number };

/**
 * The seeds × cells residual of cells that have the same seeds (randomised blocks, the seed being the block): its mean
 * square, with (cells − 1)(seeds − 1) degrees of freedom. One variance for all cells, as in Dunnett's test: three seeds of
 * six fractions give it 10 degrees of freedom where a fraction of its own has 2. Seeds that any cell lacks are left out;
 * with fewer than two left nothing is known of seeds (variance 0, freedom 0).
 */
export function strayOf(tables: readonly Table[]): Stray {
  const seeds = (tables[0]?.frame.seeds ?? [])
    .map((_, row) => row)
    .filter((row) => tables.every(({ values }) => !Number.isNaN(values[row])));
  const freedom = (tables.length - 1) * (seeds.length - 1);
  if (freedom < 1) return { variance: 0, freedom: 0 };
  const cells = tables.map(({ values }) => mean(seeds.map((row) => values[row]!)));
  const blocks = seeds.map((row) => mean(tables.map(({ values }) => values[row]!)));
  const grand = mean(cells);
  let squares = 0;
  tables.forEach(({ values }, cell) => {
    seeds.forEach((row, block) => {
      squares += (values[row]! - cells[cell]! - blocks[block]! + grand) ** 2;
    });
  });
  return { variance: squares / freedom, freedom };
}

/**
 * Adds to draws of differences (cells to one reference) what other seeds could have changed: jointly t, with the
 * correlation that sharing the reference gives. `variances` are those of the differences over other seeds; 0 adds nothing.
 */
export function addStray(
  drawn: readonly Float64Array[],
  variances: readonly number[],
  freedom: number,
  name: string,
): void {
  const random = bulkDraws(name);
  const draws = freedom > 0 ? (drawn[0]?.length ?? 0) : 0;
  for (let i = 0; i < draws; i += 1) {
    let chiSquare = 0;
    for (let k = 0; k < freedom; k += 1) chiSquare += random.normal() ** 2;
    const scale = Math.sqrt(freedom / chiSquare);
    const reference = random.normal();
    drawn.forEach((one, index) => {
      one[i]! += (random.normal() - reference) * scale * Math.sqrt(variances[index]! / 2);
    });
  }
}
