import { Option } from "@commander-js/extra-typings";
import type { EvaluationContext, ProbeResult, Suite } from "../../evaluation/index.js";
import { Owner } from "../../owner.js";
import type { Permissions } from "../../permissions/index.js";
import { notWritten, requireWritable } from "../../whole/index.js";
import { example, type RegisterCommand } from "../command.js";
import { openSuites, type ProbeOptions } from "../eval-suites.js";
import { address, collect, count, temperature, whole } from "../parsers.js";
import { tell } from "../say.js";

type EvalOptions = ProbeOptions & {
  seed: number;
  judge: string;
  judgeBaseUrl?: string;
  judgeApiKeyEnv?: string;
  judgeLabels: "reply" | "probability";
  baseUrl?: string;
  apiKeyEnv?: string;
  concurrency?: number;
  out?: string;
  quiet?: true;
  json?: true;
};

export const registerEval: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("eval")
    .description("put one or more suites' probes to one model and print how it did")
    .argument("<model>", "minnow, minnow:<folder>, hf:<folder> or openai:<model>")
    .option(
      "--suite <names>",
      "a suite, several with commas, or all that ship probes (mask, deception, unknowns, capability); also sycophancy and rubric, with --file, and a suite of your own as module:<file.js>",
      "mask",
    )
    .option(
      "--file <path>",
      "a data file of the suite's benchmark, or minnow or english for shipped probes (default: the model's language)",
    )
    .option("--probes <n>", "probes per subset (default: all)", count)
    .addOption(
      new Option("--split <part>", "probes for tuning, those held back, or both")
        .choices(["tune", "test", "all"])
        .default("all"),
    )
    .option(
      "--set <field=value>",
      "one of the suite's own settings as a scenario has them, such as answer=free or scoring=inspect (of a module: one of its options); may be repeated",
      collect,
    )
    .option("--seed <n>", "seed of the draws", whole, 1)
    .option("--temperature <t>", "sampling temperature", temperature, 1)
    .option("--max-tokens <n>", "longest reply in tokens (default: 48 for minnow, 1000 for others)", count)
    .option("--judge <name>", "who judges the replies: rule, likelihood or a chat model", "rule")
    .option("--judge-base-url <url>", "address of an openai: judge's server", address("--judge-base-url"))
    .option("--judge-api-key-env <name>", "environment variable that holds its key")
    .addOption(
      new Option(
        "--judge-labels <from>",
        "what a chat model as judge says, or the probabilities of its labels",
      )
        .choices(["reply", "probability"])
        .default("reply"),
    )
    .option("--base-url <url>", "address of an openai: model's server", address("--base-url"))
    .option("--api-key-env <name>", "environment variable that holds its key")
    .option("--concurrency <n>", "most probes at the same time (default: all)", count)
    .option("--out <file>", "write every probe's result there, as JSON lines")
    .option("--quiet", "no progress display")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example(
        "candor eval minnow --suite all --probes 20",
        "candor eval minnow --suite module:suites/plans.mjs --allow-modules",
        "candor eval hf:./SmolLM2-135M-Instruct --suite deception --max-tokens 400 --judge openai:judge --judge-base-url http://localhost:8000/v1",
      ),
    )
    .action(async (name, options) => {
      await evaluate(name, options, { signal, permissions: permissions() });
    });
};

async function evaluate(
  name: string,
  options: EvalOptions,
  { signal, permissions }: { signal: AbortSignal; permissions: Permissions },
): Promise<void> {
  const { releaseModel, resolveChatModel } = await import("../../models/index.js");
  const { readingWords, requireJudgeable, resolveJudge } = await import("../../evaluation/index.js");
  await using owner = new Owner();
  const suites = await openSuites(name, options, permissions);
  const judge = await resolveJudge(
    { model: options.judge, base_url: options.judgeBaseUrl, api_key_env: options.judgeApiKeyEnv },
    permissions,
    undefined,
    options.judgeLabels,
  );
  owner.own(judge, () => judge.release?.());
  const spec = { model: name, base_url: options.baseUrl, api_key_env: options.apiKeyEnv };
  const model = owner.own(await resolveChatModel(spec, { permissions }), releaseModel);
  for (const suite of suites) requireJudgeable(suite, judge, `--judge ${options.judge}`);
  await tellUnchecked(options);
  for (const { reading } of suites)
    if (reading && !options.quiet && (options.file !== undefined || reading.left_out.length > 0))
      tell(`${readingWords(reading)}\n`);
  await tellStrange(suites, spec, permissions);
  if (options.out) await requireOut(options.out);
  const results = await putProbes(suites, options, { model, judge, signal });
  if (options.out) {
    const { writeLines } = await import("../../runs/index.js");
    await writeLines(options.out, results).catch((error) => {
      throw notWritten(options.out!, error);
    });
  }
  const { reportEvaluation } = await import("../results/evaluation.js");
  reportEvaluation(name, suites, results, options);
}

/** Of a model as judge nobody knows here how far it agrees with people, as a run's first lines say too. */
async function tellUnchecked({ judge }: Pick<EvalOptions, "judge">): Promise<void> {
  const { uncheckedJudge } = await import("../../runs/index.js");
  const caveat = uncheckedJudge(judge);
  if (caveat) tell(`candor: ${caveat}\n`);
}

/** What of probes of somebody's own the embedded model can make nothing of: its results look like any others. */
async function tellStrange(
  suites: readonly Suite[],
  model: { model: string },
  permissions: Permissions,
): Promise<void> {
  const { isOwn, languageOf, MINNOW, strangeInSuite } = await import("../../resources/index.js");
  if ((await languageOf(model, permissions)) !== MINNOW) return;
  const { mistakeInWords } = await import("../../mistakes.js");
  for (const one of suites.filter(isOwn).flatMap((suite) => strangeInSuite(suite).warnings))
    tell(`candor: warning: ${mistakeInWords(one)}\n`);
}

/** What a model said may have cost much: where it could not be written is told before. */
async function requireOut(out: string): Promise<void> {
  const { requireOutsideOfRuns } = await import("../../runs/index.js");
  requireOutsideOfRuns(out);
  await requireWritable(out);
}

/** All suites' results, one suite after the other. */
async function putProbes(
  suites: readonly Suite[],
  { seed, concurrency, quiet }: EvalOptions,
  context: Pick<EvaluationContext, "model" | "judge" | "signal">,
): Promise<ProbeResult[]> {
  const total = suites.reduce((sum, suite) => sum + suite.probes.length, 0);
  let shown = 0;
  const results: ProbeResult[] = [];
  for (const suite of suites) {
    const before = results.length;
    const onProgress = (done: number): void => {
      const tenth = Math.floor((10 * (before + done)) / total);
      if (quiet || tenth <= shown) return;
      shown = tenth;
      tell(`${before + done} of ${total} probes\n`);
    };
    results.push(...(await suite.run({ ...context, seed: `${seed}/evaluation`, concurrency, onProgress })));
  }
  return results;
}
