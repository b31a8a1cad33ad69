import { type MethodName, methods } from "../methods/index.js";
import type { KindOfRows, PreferenceData, Row } from "./types.js";

/** Rows as data for a method that learns from such rows. */
export function dataFor(method: MethodName, rows: readonly Row[]): PreferenceData {
  return { method, rows } as PreferenceData;
}

/** The rows of preference data as what they are, by what its method learns from. */
export function kindOfRows({ method, rows }: PreferenceData): KindOfRows {
  return { kind: methods[method].rows, rows } as KindOfRows;
}
