import { fixed, number, percent } from "../../numbers.js";
import type { Column } from "./table.js";

/** Columns of numbers that may be missing; such a cell is empty. */
const numeric =
  (shown: (value: number) => string) =>
  (key: string, label: string): Column => ({
    key,
    label,
    show: (row) => (row[key] === null ? "" : shown(Number(row[key]))),
  });

export const shareColumn = numeric(percent);
export const pointsColumn = numeric((value) => number(100 * value));
export const ratingColumn = numeric((value) => fixed(value, 1));
