import { UserError } from "../../errors.js";
import { listed } from "../../listed.js";
import { methodsFor } from "../../methods/index.js";
import { kindOfRows } from "../kind-of-rows.js";
import type { ExportedFiles, ExportRequest } from "./types.js";

/**
 * Rows in the lines that fine-tuning APIs take: for SFT `messages`; for DPO `input`, `preferred_output` and
 * `non_preferred_output`, OpenAI's format, which others (Together among them) have taken over. Settings are given to such a
 * service in its own way. Throws a UserError for labelled rows, which stand alone and have no place in a pair.
 */
export function exportOpenAi({ data }: ExportRequest): ExportedFiles {
  return {
    "train.jsonl": lines(data)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
  };
}

function lines(data: ExportRequest["data"]): unknown[] {
  const of = kindOfRows(data);
  switch (of.kind) {
    case "reply":
      return of.rows.map(({ prompt, completion }) => ({ messages: [...prompt, ...completion] }));
    case "pair":
      return of.rows.map(({ prompt, chosen, rejected }) => ({
        input: { messages: prompt },
        preferred_output: chosen,
        non_preferred_output: rejected,
      }));
    case "labelled": {
      const taken = listed([...methodsFor("reply"), ...methodsFor("pair")]);
      throw new UserError(
        `fine-tuning APIs take ${taken} rows, and this run has ${data.method} rows: single replies, each good or bad; write them for trl or llama-factory`,
      );
    }
  }
}
