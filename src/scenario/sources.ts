import type { Scenario } from "./schema.js";

type Source = Scenario["source"];
type KindOf<S> = S extends { kind: infer K } ? K : S;
type SourceName = KindOf<Source>;

/** What a kind of source is like, for whoever works with its rows or speaks of them. */
export type SourceKind = {
  name: SourceName;
  /** Whether there are conversations with ratings, from which the best are selected. */
  rated: boolean;
  /** Whether simulated users hold them. */
  simulated: boolean;
};

const KINDS: Readonly<Record<SourceName, Omit<SourceKind, "name">>> = {
  interaction: { rated: true, simulated: true },
  direct: { rated: false, simulated: false },
  mixture: { rated: false, simulated: false },
  logs: { rated: true, simulated: false },
};

/** What the source of a scenario is like. */
export function sourceKind(source: Source): SourceKind {
  const name: SourceName = typeof source === "string" ? source : source.kind;
  return { name, ...KINDS[name] };
}
