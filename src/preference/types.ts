import type { Message } from "../chat/message.js";

/** Where a row comes from, so that a report can say which conversation taught what. */
export type Provenance = { interaction: string; exchange: number };

/** Rows in the layout of TRL's conversational data sets; every completion is one assistant turn. */
export type SftRow = { prompt: Message[]; completion: Message[]; source: Provenance };
export type KtoRow = SftRow & { label: boolean };
export type DpoRow = { prompt: Message[]; chosen: Message[]; rejected: Message[]; source: Provenance };

export type PreferenceData =
  | { method: "sft"; rows: SftRow[] }
  | { method: "kto"; rows: KtoRow[] }
  | { method: "dpo"; rows: DpoRow[] };

export type Method = PreferenceData["method"];
