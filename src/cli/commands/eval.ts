import { InvalidArgumentError } from "commander";
import { UserError } from "../../errors.js";
import type { ProbeResult, Suite } from "../../evaluation/index.js";
import { parseYaml } from "../../yaml/index.js";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";

type Options = {
  suite: string;
  file?: string;
  probes?: number;
  split: string;
  set?: string[];
  seed: number;
  temperature: number;
  maxTokens: number;
  judge: string;
  judgeBaseUrl?: string;
  judgeApiKeyEnv?: string;
  baseUrl?: string;
  apiKeyEnv?: string;
  concurrency?: number;
  out?: string;
  quiet?: boolean;
  json?: boolean;
};

export const registerEval: RegisterCommand = (program, { signal }) => {
  program
    .command("eval")
    .description("put one or more suites' probes to one model and print how it did")
    .argument("<model>", "minnow, minnow:<folder>, hf:<folder> or openai:<model>")
    .option("--suite <names>", "mask, deception, unknowns, capability, several with commas, or all", "mask")
    .option(
      "--file <path>",
      "a data file of the suite's benchmark, or minnow or english for shipped probes (default: the model's language)",
    )
    .option("--probes <n>", "probes per subset (default: all)", number)
    .option("--split <part>", "tune, test or all: probes for tuning, those held back, or both", "all")
    .option(
      "--set <field=value...>",
      "the suite's own settings as a scenario has them, such as answer=free or scoring=inspect",
    )
    .option("--seed <n>", "seed of the draws", number, 1)
    .option("--temperature <t>", "sampling temperature", number, 1)
    .option("--max-tokens <n>", "longest reply in tokens", number, 48)
    .option("--judge <name>", "who judges the replies: rule, likelihood or a chat model", "rule")
    .option("--judge-base-url <url>", "address of an openai: judge's server")
    .option("--judge-api-key-env <name>", "environment variable that holds its key")
    .option("--base-url <url>", "address of an openai: model's server")
    .option("--api-key-env <name>", "environment variable that holds its key")
    .option("--concurrency <n>", "most probes at the same time (default: all)", number)
    .option("--out <file>", "write every probe's result there, as JSON lines")
    .option("--quiet", "no progress display")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example(
        "candor eval minnow --suite all --probes 20",
        "candor eval hf:./SmolLM2-135M-Instruct --suite deception --max-tokens 400 --judge openai:judge --judge-base-url http://localhost:8000/v1",
      ),
    )
    .action(async (name: string, options: Options) => {
      const { resolveChatModel } = await import("../../models/index.js");
      const { readingWords, requireJudgeable, resolveJudge, summarise } = await import(
        "../../evaluation/index.js"
      );
      const { evalTable } = await import("../results/index.js");
      const opened = await openSuites(name, options);
      const judge = await resolveJudge({
        model: options.judge,
        base_url: options.judgeBaseUrl,
        api_key_env: options.judgeApiKeyEnv,
      });
      const spec = { model: name, base_url: options.baseUrl, api_key_env: options.apiKeyEnv };
      const model = await resolveChatModel(spec);
      for (const suite of opened) requireJudgeable(suite, judge, "--judge");
      for (const { reading } of opened)
        if (reading && reading.left_out.length > 0 && !options.quiet)
          process.stderr.write(`${readingWords(reading)}\n`);
      const total = opened.reduce((sum, suite) => sum + suite.probes.length, 0);
      let before = 0;
      let shown = 0;
      const results: ProbeResult[] = [];
      for (const suite of opened) {
        const own = await suite.run({
          model,
          judge,
          seed: `${options.seed}/evaluation`,
          concurrency: options.concurrency,
          signal,
          onProgress: (done) => {
            const tenth = Math.floor((10 * (before + done)) / total);
            if (options.quiet || tenth <= shown) return;
            shown = tenth;
            process.stderr.write(`${before + done} of ${total} probes\n`);
          },
        });
        results.push(...own);
        before += own.length;
      }
      if (options.out) {
        const { writeJsonl } = await import("../../runs/index.js");
        await writeJsonl(options.out, results);
      }
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ model: name, metrics: summarise(results) }, null, 2)}\n`);
      } else {
        for (const { name: suite } of opened) {
          if (opened.length > 1) process.stdout.write(`\n${suite}\n\n`);
          process.stdout.write(evalTable(results.filter((result) => result.suite === suite)));
        }
      }
      if (results.every(({ error }) => error !== null)) {
        process.stderr.write(`candor: every probe failed; the first: ${results[0]?.error}\n`);
        throw new CommandFailed();
      }
    });
};

async function openSuites(model: string, options: Options): Promise<Suite[]> {
  const { suiteKinds, suiteNamed } = await import("../../evaluation/index.js");
  const { languageOf, shippedProbes } = await import("../../resources/index.js");
  const names =
    options.suite === "all" ? suiteKinds.map((kind) => kind.name) : [...new Set(options.suite.split(","))];
  const { file } = options;
  const isLanguage = file === "minnow" || file === "english";
  if (file !== undefined && !isLanguage && names.length > 1)
    throw new UserError("--file is the data of one suite; name that one with --suite");
  return names.map((name) =>
    suiteNamed(name).open({
      file: file === undefined || isLanguage ? shippedProbes(name, file ?? languageOf(model)) : file,
      probes: options.probes,
      split: splitOf(options.split),
      options: settingsOf(options.set ?? []),
      temperature: options.temperature,
      maxTokens: options.maxTokens,
    }),
  );
}

function splitOf(text: string): "tune" | "test" | "all" {
  if (text === "tune" || text === "test" || text === "all") return text;
  throw new UserError(`--split: expected tune, test or all, found "${text}"`);
}

/** `answer=free` as a field; values are read as YAML. */
function settingsOf(given: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([a-z_]+)=(.*)$/su.exec(text) ?? [];
      if (name === undefined) throw new UserError(`--set: expected field=value, found "${text}"`);
      return [name, parseYaml(value!, "--set").value];
    }),
  );
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError("expected a number that is not negative.");
  }
  return value;
}
