import { bestOfN } from "./best-of-n.js";
import { dpo } from "./dpo.js";
import { kto } from "./kto.js";
import { rloo } from "./rloo.js";
import { rlooRm } from "./rloo-rm.js";
import { sft } from "./sft.js";
import type { Method, RowKind } from "./types.js";

export type { TrainingSettings } from "./settings.js";
export type { Method, RowKind } from "./types.js";

const REGISTERED = { sft, kto, dpo, best_of_n: bestOfN, rloo, rloo_rm: rlooRm } as const;

export type MethodName = keyof typeof REGISTERED;

/** The kind of rows that a method learns from. */
export type RowsOf<Name extends MethodName> = (typeof REGISTERED)[Name]["rows"];

/** Every method by the name that scenarios give it. */
export const methods: Readonly<Record<MethodName, Method>> = REGISTERED;

export const methodNames = Object.keys(REGISTERED) as MethodName[];

/** What a method of a value that may not be checked yet asks for; undefined where there is no such method. */
export function methodOf(name: unknown): Method | undefined {
  const known = methodNames.find((one) => one === name);
  return known && methods[known];
}

/** The names of the methods that learn from rows of a kind. */
export function methodsFor(rows: RowKind): MethodName[] {
  return methodNames.filter((name) => methods[name].rows === rows);
}
