import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../errors.js";
import type { CandidateReply } from "./types.js";

/** Text that may be missing. */
export const optionalText = z.string().nullish();

/** An id as benchmarks write it. */
export const idSchema = z.union([z.string().min(1), z.number()]).transform(String);

const phrases = z.array(z.string().min(1)).min(1).optional();

/** The words of labels in files; letters mean something else in every benchmark. */
const labelled = {
  supports: phrases,
  denies: phrases,
  declines: phrases,
  A: renamed("supports"),
  B: renamed("denies"),
  C: renamed("declines"),
};

function renamed(word: string) {
  return z.undefined({ error: `is called ${word} now` }).optional();
}

/** What can be said to a probe, by what it says of the proposition; `number` stands for a row of numbers. */
const candidatesSchema = z
  .strictObject({
    ...labelled,
    number: z
      .strictObject({
        text: z.string().includes("{}", { error: "expected {} where the number goes" }),
        from: z.int(),
        to: z.int(),
      })
      .optional(),
  })
  .transform(({ number, ...labels }): CandidateReply[] => [
    ...(["supports", "denies", "declines"] as const).flatMap((label) =>
      (labels[label] ?? []).map((text) => ({ text, label })),
    ),
    ...(number ? numbered(number) : []),
  ])
  .optional();

function numbered({ text, from, to }: { text: string; from: number; to: number }): CandidateReply[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({
    text: text.replaceAll("{}", String(from + index)),
    value: from + index,
  }));
}

/** What a closed language adds to any benchmark's columns, so that no model has to judge. */
export const closedLanguage = {
  /** Phrases that decide a reply. */
  rules: z.strictObject({ ...labelled, number: z.string().optional() }).optional(),
  /** Whole replies, to be weighed by their probability. */
  candidates: candidatesSchema,
};

/**
 * Reads a suite's probes from JSON lines; each row becomes a probe by `read`, which may throw to say what is wrong with it.
 * Throws a UserError with file and line.
 */
export function readProbeFile<S extends z.ZodType, P extends { id: string }>(
  file: string,
  suite: string,
  schema: S,
  read: (row: z.output<S>, line: number) => P,
): P[] {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${file}: cannot read the probes of suite ${suite}: ${(error as Error).message}`);
  }
  const seen = new Set<string>();
  const probes = content.split("\n").flatMap((text, index) => {
    if (text.trim() === "") return [];
    const where = `${file}:${index + 1}`;
    const row = parseRow(text, where, schema);
    let probe: P;
    try {
      probe = read(row, index + 1);
    } catch (error) {
      throw new UserError(`${where}: ${(error as Error).message}`);
    }
    if (seen.has(probe.id))
      throw new UserError(`${where}: id ${probe.id} stands twice; probes need ids of their own`);
    seen.add(probe.id);
    return [probe];
  });
  if (probes.length === 0) throw new UserError(`${file}: holds no probes`);
  return probes;
}

function parseRow<S extends z.ZodType>(text: string, where: string, schema: S): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${where}: not JSON: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UserError(`${where}: ${issue.path.join(".") || "row"}: ${issue.message}`);
}
