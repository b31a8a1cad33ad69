import { existsSync } from "node:fs";
import type { RaterCheck } from "../../interaction/index.js";
import { fixed } from "../../numbers.js";
import { packageFile } from "../../package-root.js";
import type { Permissions } from "../../permissions/index.js";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";
import { address, count, temperature } from "../parsers.js";
import { say, tell } from "../say.js";

export const registerRater: RegisterCommand = (program, { signal, permissions }) => {
  const rater = program
    .command("rater")
    .description("find out how far a rater's marks can be trusted")
    .addHelpText(
      "after",
      example("candor rater check probes/english/rater.jsonl --rater hf:./SmolLM2-135M-Instruct"),
    );
  rater
    .command("check")
    .description(
      "have a rater rate pairs of replies of which a persona prefers one, by expected and by drawn marks, and print how often it tells which",
    )
    .argument("<pairs.jsonl>", "rows of persona, situation, background, messages, preferred and other")
    .requiredOption("--rater <name>", "a chat model")
    .option(
      "--situations <pack>",
      "situation pack whose prompt the rater gets (default: minnow for minnow, therapy for all others)",
    )
    .option("--base-url <url>", "address of an openai: rater's server", address("--base-url"))
    .option("--api-key-env <name>", "environment variable that holds its key")
    .option("--temperature <t>", "temperature of drawn marks", temperature, 1)
    .option("--max-tokens <n>", "longest drawn mark in tokens", count, 16)
    .option("--pairs <n>", "pairs of each persona, spread evenly over the file (default: all)", count)
    .option("--concurrency <n>", "most pairs at the same time (default: all)", count)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example(
        "candor rater check probes/english/rater.jsonl --rater hf:./SmolLM2-135M-Instruct",
        "candor rater check pairs.jsonl --rater minnow --situations minnow",
      ),
    )
    .action(async (given, options) => {
      await check(given, options, { signal, permissions: permissions() });
    });
};

type CheckOptions = {
  rater: string;
  situations?: string;
  baseUrl?: string;
  apiKeyEnv?: string;
  temperature: number;
  maxTokens: number;
  pairs?: number;
  concurrency?: number;
  json?: true;
};

async function check(
  given: string,
  options: CheckOptions,
  { signal, permissions }: { signal: AbortSignal; permissions: Permissions },
): Promise<void> {
  const file = existsSync(given) || !given.startsWith("probes/") ? given : packageFile(given);
  const { checkRater, raterFails } = await import("../../interaction/index.js");
  const { evenly } = await import("../../evaluation/index.js");
  const { releaseModel, resolveChatModel } = await import("../../models/index.js");
  const { languageOf, loadPack, loadPersonas, readRatedPairs } = await import("../../resources/index.js");
  const { personaNames } = await import("../../scenario/index.js");
  const names = personaNames(file);
  const personas = (await loadPersonas(names, file)).value;
  const spec = { model: options.rater, base_url: options.baseUrl, api_key_env: options.apiKeyEnv };
  const pack = (await loadPack(options.situations ?? packIn(await languageOf(spec, permissions)), file))
    .value;
  const all = readRatedPairs(file, {
    personas: names,
    situations: pack.situations.map(({ id }) => id),
  });
  const pairs = evenly(
    all.map((pair) => ({ ...pair, subset: pair.persona })),
    options.pairs,
  );
  const model = await resolveChatModel(spec, { permissions });
  try {
    const { temperature, maxTokens, concurrency } = options;
    const checks = await checkRater(pairs, {
      model,
      pack,
      personas,
      temperature,
      maxTokens,
      concurrency,
      signal,
    });
    say(options.json ? `${JSON.stringify(checks, null, 2)}\n` : await raterTable(checks));
    if (raterFails(checks)) {
      tell("candor: the rater gave no mark that can be read\n");
      throw new CommandFailed();
    }
  } finally {
    await releaseModel(model);
  }
}

/** The shipped pack that pairs in a language are of: one may be named for it. */
function packIn(language: string): string {
  return existsSync(packageFile(`situations/${language}`)) ? language : "therapy";
}

async function raterTable(checks: readonly RaterCheck[]): Promise<string> {
  const { plainTable } = await import("../results/index.js");
  const { raterWarnings } = await import("../../interaction/index.js");
  const table = plainTable([
    "persona",
    "pairs",
    "AUC, expected",
    "mass on the marks",
    "AUC, sampled",
    "ties, sampled",
  ]);
  const shown = ({ value, low, high }: { value: number; low: number; high: number }) =>
    `${fixed(value, 2)} [${fixed(low, 2)}, ${fixed(high, 2)}]`;
  for (const { persona, pairs, expected, sampled } of checks)
    table.push([
      persona,
      pairs,
      expected ? shown(expected.auc) : "not told",
      expected ? fixed(expected.mass, 3) : "",
      sampled ? shown(sampled.auc) : "unreadable",
      sampled ? sampled.ties : "",
    ]);
  const rating = checks.every(({ expected }) => expected) ? "expected" : "sampled";
  return [`${table.toString()}\n`, ...raterWarnings(checks, rating).map((text) => `\n${text}\n`)].join("");
}
