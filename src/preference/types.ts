import type { Message } from "../models/types.js";

/** Where a row comes from, so that a report can say which conversation taught what. */
export type Provenance = {
  /** The interaction's id, or `<file>:<line>` of a data file. */
  interaction: string;
  exchange: number;
  /** Of a mixture: that it is not one of the ordinary rows. */
  added?: true;
  /** That a defence mixed it in. */
  replayed?: true;
};

/** Rows in the layout of TRL's conversational data sets; every completion is one assistant turn. */
export type SftRow = { prompt: Message[]; completion: Message[]; source: Provenance };
export type KtoRow = SftRow & { label: boolean };
export type DpoRow = { prompt: Message[]; chosen: Message[]; rejected: Message[]; source: Provenance };

export type PreferenceData =
  | { method: "sft"; rows: SftRow[] }
  | { method: "kto"; rows: KtoRow[] }
  | { method: "dpo"; rows: DpoRow[] };

export type Method = PreferenceData["method"];
