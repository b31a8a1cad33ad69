import type { MethodName, RowKind, RowsOf } from "../methods/index.js";
import type { Message } from "../models/types.js";
import type { PromptPart } from "../situation/types.js";

/** Where a row comes from, so that a report can say which conversation taught what. */
export type Provenance = {
  /** The interaction's id, or `<file>:<line>` of a data file. */
  interaction: string;
  exchange: number;
  /** Of a mixture: that it is not one of the ordinary rows. */
  added?: true;
  /** What of its system prompt tells what of the user, word for word, where a data file says so. */
  parts?: Partial<Record<PromptPart, string>>;
  /** Why the user gave the reply its mark, in its words. */
  reason?: string;
  /** That the user wrote what the row teaches, in place of the reply that it was given. */
  edited?: true;
  /** That a defence mixed it in. */
  replayed?: true;
};

/** Rows in the layout of TRL's conversational data sets; every completion is one assistant turn. */
export type SftRow = { prompt: Message[]; completion: Message[]; source: Provenance };
export type KtoRow = SftRow & { label: boolean };
export type DpoRow = { prompt: Message[]; chosen: Message[]; rejected: Message[]; source: Provenance };

type RowsByKind = { reply: SftRow; labelled: KtoRow; pair: DpoRow };

/** A row of any kind. */
export type Row = RowsByKind[RowKind];

/** Rows for a method, all of the kind that it learns from. */
export type PreferenceData = {
  [Name in MethodName]: { method: Name; rows: RowsByKind[RowsOf<Name>][] };
}[MethodName];

/** Rows of one kind, with that kind's name. */
export type KindOfRows = { [Kind in RowKind]: { kind: Kind; rows: RowsByKind[Kind][] } }[RowKind];
