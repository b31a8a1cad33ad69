import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.js";
import { loadTokenizer } from "../../models/index.js";
import type { PreferenceData, RawRow } from "../../preference/export/index.js";
import { countShortened } from "../shortened.js";
import { type Lost, readable, tokenisePair, tokeniseRow } from "../tokenise.js";
import type { TrainingReport } from "../types.js";

/** Rows as texts, and how many of them lost what. */
export type FittedRows = { raw: RawRow[] } & Pick<TrainingReport, "shortened">;

/**
 * Rows for a trainer outside that cuts rows otherwise than ours (TRL drops those whose prompt is too long and cuts the end of
 * the others; LLaMA-Factory cuts both ends in proportion): where a row is longer than `maxLength`, all of them as texts that
 * have lost the oldest part of their prompt already, and that give the same tokens as our own trainer takes. Undefined where all
 * fit, and where the model's folder is not at hand to count by. Throws a UserError on a row that no text gives the tokens of.
 */
export async function fitRows(
  { rows }: PreferenceData,
  model: string,
  maxLength: number,
): Promise<FittedRows | undefined> {
  if (!existsSync(join(model, "tokenizer.json"))) return undefined;
  const tokenizer = await loadTokenizer(model);
  const { encodeChat } = tokenizer;
  const tokens = (
    row: PreferenceData["rows"][number],
    most: number,
    onLost?: (lost: Lost) => void,
  ): Tokens => {
    if (!("chosen" in row)) {
      const { ids, completionStart } = tokeniseRow(encodeChat, row, most, tokenizer, onLost);
      return split([Array.from(ids)], completionStart);
    }
    const { chosen, rejected } = tokenisePair(encodeChat, row, most, tokenizer, onLost);
    return split([Array.from(chosen.ids), Array.from(rejected.ids)], chosen.completionStart);
  };
  const whole = rows.map((row) => tokens(row, Number.MAX_SAFE_INTEGER));
  const longest = Math.max(...whole.map(lengthOf));
  if (longest <= maxLength) return undefined;
  const shortened = countShortened();
  const raw = rows.map((row, at) => {
    const { prompt, completions } = tokens(row, maxLength, shortened.add);
    const found = readable(tokenizer, prompt, completions);
    if (found && found.prompt.length === prompt.length) return found.texts;
    const where = `row ${at + 1} (${row.source.interaction})`;
    throw new UserError(
      `training.max_length: ${where} cannot be cut for a trainer outside without changing its tokens; raise max_length to ${longest}, the longest row`,
    );
  });
  return { raw, ...shortened.told() };
}

/** A row's tokens: what its completions share, and each of them. */
type Tokens = { prompt: number[]; completions: number[][] };

const split = (ids: readonly number[][], start: number): Tokens => ({
  prompt: ids[0]!.slice(0, start),
  completions: ids.map((all) => all.slice(start)),
});

const lengthOf = ({ prompt, completions }: Tokens): number =>
  prompt.length + Math.max(...completions.map(({ length }) => length));
