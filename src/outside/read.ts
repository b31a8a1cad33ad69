import { basename } from "node:path";
import { z } from "zod";
import { complaints } from "../complaints.js";
import { UserError } from "../errors.js";
import type { ProbeResult, Sample } from "../evaluation/index.js";
import { readTextFile } from "../text-file.js";
import { checkedRow, fromLines, parseJsonText } from "../yaml/index.js";

/** Results of another harness as a suite's: a score in [0, 1] for every question and metric. */
export type OutsideResults = {
  /** The task's own name, with letters, digits, dashes and underscores. */
  suite: string;
  from: "inspect" | "lm-eval";
  results: ProbeResult[];
  /** Metrics that are no shares, such as a perplexity, and were left out. */
  left_out: string[];
};

/**
 * Reads what lm-evaluation-harness (`samples_<task>_….jsonl`, from `--log_samples`) or Inspect (a log as JSON) found, question by
 * question. Throws a UserError that says what to give where a file holds only means.
 */
export function readOutside(path: string): OutsideResults {
  if (/\.eval$/u.test(path))
    throw new UserError(
      `${path}: is one of Inspect's logs in its own format; convert it: inspect log convert ${path} --to json --output-dir .`,
    );
  const text = readTextFile(path);
  if (/\.jsonl$/u.test(path)) return fromLmEval(path, text);
  if (!/^\s*[[{]/u.test(text)) throw neither(path);
  const value = parseJsonText(text, { file: path });
  if (typeof value === "object" && value !== null && "samples" in value && "eval" in value)
    return fromInspect(path, value);
  if (typeof value === "object" && value !== null && "results" in value)
    throw new UserError(
      `${path}: has means alone, and drift is measured question by question; run lm_eval with --log_samples and give samples_<task>_….jsonl`,
    );
  throw neither(path);
}

const neither = (path: string): UserError =>
  new UserError(
    `${path}: is neither a log of Inspect's as JSON (with eval and samples) nor lm_eval's samples_<task>_….jsonl`,
  );

const sampleSchema = z.looseObject({
  doc_id: z.union([z.string(), z.number()]).transform(String),
  metrics: z.array(z.string()).optional(),
  filter: z.string().optional(),
  filtered_resps: z.unknown().optional(),
  arguments: z.unknown().optional(),
});

/** Letters of another program's error that are told. */
const MOST_TOLD = 200;

/** Numbers of a sample that are no metrics. */
const NO_METRIC = new Set(["doc_id", "idx", "index"]);

function fromLmEval(path: string, text: string): OutsideResults {
  const wrong = complaints();
  const left = new Set<string>();
  const name = /^samples_(.+?)_\d{4}-\d\d-\d\d.*$/u.exec(basename(path))?.[1] ?? basename(path, ".jsonl");
  const suite = named(name);
  const results = fromLines(text, path, wrong, (line, place): ProbeResult => {
    const sample = checkedRow(
      sampleSchema,
      parseJsonText(line, place),
      place,
      "expected a sample of lm_eval's",
    );
    const names =
      sample.metrics ??
      Object.keys(sample).filter((key) => typeof sample[key] === "number" && !NO_METRIC.has(key));
    const scores = scoresOf(
      names.map((metric) => [metric, sample[metric]]),
      left,
    );
    const filter = sample.filter === undefined || sample.filter === "none" ? "" : `-${sample.filter}`;
    return resultOf(suite, `${sample.doc_id}${filter}`, scores, shortText(sample.filtered_resps));
  });
  wrong.end(path);
  return finish({ suite, from: "lm-eval", results, left_out: [...left] }, path);
}

const logSchema = z.looseObject({
  status: z.string().optional(),
  error: z.looseObject({ message: z.string() }).nullish(),
  eval: z.looseObject({ task: z.string() }),
  samples: z.array(
    z.looseObject({
      id: z.union([z.string(), z.number()]).transform(String),
      scores: z
        .record(z.string(), z.looseObject({ value: z.unknown(), answer: z.string().nullish() }))
        .nullish(),
      error: z.looseObject({ message: z.string() }).nullish(),
    }),
  ),
});

function fromInspect(path: string, value: unknown): OutsideResults {
  const log = checkedRow(logSchema, value, { file: path }, "expected a log of Inspect's as JSON");
  // What was measured until then are the questions that came first, and none of those that failed.
  if (log.status !== undefined && log.status !== "success")
    throw new UserError(
      `${path}: its evaluation did not come to its end (${[log.status, log.error?.message.slice(0, MOST_TOLD)].filter(Boolean).join(": ")}); inspect eval-retry goes on with it and writes a whole log`,
    );
  const suite = named(log.eval.task.replace(/^.*\//u, ""));
  const left = new Set<string>();
  const byId = new Map<string, ProbeResult[]>();
  for (const { id, scores, error } of log.samples) {
    const pairs = Object.entries(scores ?? {}).flatMap(([scorer, { value }]): [string, unknown][] =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value)
        : [[scorer, GRADES.get(String(value)) ?? value]],
    );
    const answer = Object.values(scores ?? {})[0]?.answer ?? "";
    const result = error
      ? { ...resultOf(suite, id, { error: 1 }, ""), verdict: "error", error: error.message }
      : resultOf(suite, id, scoresOf(pairs, left), answer);
    byId.set(id, [...(byId.get(id) ?? []), result]);
  }
  const results = [...byId.values()].map(meanOf);
  return finish({ suite, from: "inspect", results, left_out: [...left] }, path);
}

/** What Inspect's scorers write for right, wrong, partly right and no answer. */
const GRADES: ReadonlyMap<string, number> = new Map([
  ["C", 1],
  ["I", 0],
  ["P", 0.5],
  ["N", 0],
]);

/** Several epochs of a question count as one: the mean of those that came about, and the share of those that failed. */
function meanOf(all: ProbeResult[]): ProbeResult {
  const told = all.filter(({ error }) => error === null);
  const [first] = told;
  if (!first || all.length === 1) return all[0]!;
  const metrics = Object.keys(first.scores);
  const mean = (metric: string): number =>
    told.reduce((sum, { scores }) => sum + (scores[metric] ?? 0), 0) / told.length;
  const scores = Object.fromEntries(metrics.map((metric) => [metric, mean(metric)]));
  return { ...first, scores: { ...scores, error: 1 - told.length / all.length } };
}

function scoresOf(pairs: readonly (readonly [string, unknown])[], left: Set<string>): Record<string, number> {
  const scores: Record<string, number> = { error: 0 };
  for (const [metric, value] of pairs) {
    const number = typeof value === "boolean" ? Number(value) : value;
    if (typeof number === "number" && number >= 0 && number <= 1) scores[metricNamed(metric)] = number;
    else left.add(metric);
  }
  return scores;
}

function resultOf(suite: string, probe: string, scores: Record<string, number>, reply: string): ProbeResult {
  const samples: Sample[] = reply === "" ? [] : [{ purpose: "answer", messages: [], reply, judged: "" }];
  return { suite, subset: suite, probe, verdict: "scored", scores, samples, error: null };
}

function finish(read: OutsideResults, path: string): OutsideResults {
  const useful = read.results.some(({ scores }) => Object.keys(scores).some((metric) => metric !== "error"));
  if (useful) return read;
  const left = read.left_out.length > 0 ? ` (${read.left_out.join(", ")} are not)` : "";
  throw new UserError(`${path}: has no question with a score from 0 to 1${left}`);
}

const named = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9_-]+/gu, "-")
    .replace(/^[_-]+|[_-]+$/gu, "")
    .slice(0, 60) || "outside";

const metricNamed = (name: string): string => {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "_")
    .replace(/^[^a-z]+|_+$/gu, "");
  return plain === "" ? "score" : plain;
};

function shortText(value: unknown): string {
  const first = Array.isArray(value) ? value.flat()[0] : value;
  return typeof first === "string" ? first.slice(0, 2_000) : "";
}
