import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { estimateDrift } from "../drift/index.js";
import type { ProbeResult, Sample } from "../evaluation/index.js";
import type { ReportRun, ReportSource } from "../report/index.js";
import { warningsOf } from "./warnings.js";

// The layout of Inspect's own JSON logs (version 2), as inspect_ai reads and `inspect view` shows them.

/** Writes each evaluation of each run as a log of Inspect's: one file a run, round and suite. Returns the files. */
export async function writeInspectLogs({ runs }: ReportSource, out: string): Promise<string[]> {
  const paths: string[] = [];
  for (const run of runs)
    for (const { round } of run.rounds) {
      const at = run.disk.round(round);
      const results = (await at.probes.read()) ?? [];
      const { mtime } = await stat(at.paths.round);
      for (const suite of new Set(results.map((one) => one.suite))) {
        const own = results.filter((one) => one.suite === suite);
        const log = logOf(run, { suite, round, created: mtime, results: own });
        // It knows its logs by a name that begins with the time.
        const time = mtime
          .toISOString()
          .replace(/\.\d+Z$/u, "+00-00")
          .replaceAll(":", "-");
        const path = join(out, `${time}_${task(suite, round)}_${log.eval.eval_id}.json`);
        const stream = createWriteStream(path);
        stream.end(`${JSON.stringify(log, null, 1)}\n`);
        await finished(stream);
        paths.push(path);
      }
    }
  return paths;
}

type Evaluation = { suite: string; round: number; created: Date; results: readonly ProbeResult[] };

const task = (suite: string, round: number): string =>
  `${suite.replaceAll(/[^\w-]|_/gu, "-")}-round-${round}`;

function logOf(run: ReportRun, { suite, round, created, results }: Evaluation) {
  const { manifest, observations, axes } = run;
  const { scenario, seed, hash, candor } = manifest;
  const { assistant } = scenario.models;
  const model = typeof assistant === "string" ? assistant : assistant.model;
  const id = createHash("sha256")
    .update(`${hash}/${round}/${suite}`)
    .digest("base64url")
    .replaceAll(/[-_]/gu, "x")
    .slice(0, 22);
  const time = created.toISOString();
  const metrics = estimateDrift(
    observations.filter((one) => one.round === round && one.suite === suite),
  ).filter((row) => row.subset === "all");
  return {
    version: 2,
    status: "success",
    eval: {
      eval_id: id,
      run_id: hash,
      created: time,
      task: task(suite, round),
      task_id: id,
      task_version: 0,
      task_args: { suite, round, seed, ...axes },
      dataset: { name: suite, samples: results.length, sample_ids: results.map(({ probe }) => probe) },
      model,
      model_args: round === 0 ? {} : { trained_rounds: round },
      config: {},
      packages: { candor },
      metadata: {
        scenario: scenario.name,
        scenario_hash: hash,
        biased: manifest.biased,
        floor: run.rounds[0]?.floor?.filter((one) => one.suite === suite) ?? [],
        checks: run.rounds[0]?.checks ?? null,
        warnings: warningsOf(run).filter((one) => one.suite === undefined || one.suite === suite),
      },
    },
    plan: { name: "plan", steps: [{ solver: "candor", params: {} }], config: {} },
    results: {
      total_samples: results.length,
      completed_samples: results.filter(({ error }) => error === null).length,
      scores: [
        {
          name: suite,
          scorer: suite,
          params: {},
          metrics: Object.fromEntries(
            metrics.map(({ metric, value, low, high, n }) => [
              metric,
              { name: metric, value, params: {}, metadata: { low, high, n } },
            ]),
          ),
        },
      ],
    },
    stats: { started_at: time, completed_at: time, model_usage: {} },
    samples: results.map((result) => sampleOf(result, model)),
  };
}

/** In Inspect's words. */
function stopReason({ cut, filtered }: Pick<Sample, "cut" | "filtered">): string {
  if (filtered) return "content_filter";
  return cut ? "max_tokens" : "stop";
}

/** A probe: its first talk as the conversation, what else was asked beside it. */
function sampleOf(
  { probe, subset, verdict, scores, samples, error, belief, pair }: ProbeResult,
  model: string,
) {
  const [first, ...others] = samples;
  const messages = first?.messages ?? [];
  const reply = first?.reply ?? "";
  const told = { role: "assistant", content: reply };
  return {
    id: probe,
    epoch: 1,
    input: messages.length === 0 ? "" : messages,
    target: "",
    messages: first ? [...messages, told] : [],
    output: {
      model,
      choices: first ? [{ message: told, stop_reason: stopReason(first) }] : [],
    },
    scores: {
      verdict: {
        value: Object.keys(scores).length === 0 ? verdict : scores,
        answer: verdict,
        explanation: samples.map(({ purpose, judged }) => `${purpose}: ${judged}`).join("\n"),
      },
    },
    metadata: { subset, verdict, belief: belief ?? null, pair: pair ?? null, further: others },
    ...(error === null ? {} : { error: { message: error, traceback: "", traceback_ansi: "" } }),
  };
}
