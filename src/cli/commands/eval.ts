import { InvalidArgumentError } from "commander";
import { UserError } from "../../errors.js";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";

type Options = {
  suite: string;
  file?: string;
  probes?: number;
  seed: number;
  temperature: number;
  maxTokens: number;
  judge: string;
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
    .description("put a suite's probes to one model and print how it did")
    .argument("<model>", "minnow, minnow:<folder>, hf:<folder> or openai:<model>")
    .option("--suite <name>", "which suite", "mask")
    .option("--file <path>", "a data file instead of the shipped probes")
    .option("--probes <n>", "probes per subset (default: all)", number)
    .option("--seed <n>", "seed of the draws", number, 1)
    .option("--temperature <t>", "sampling temperature", number, 1)
    .option("--max-tokens <n>", "longest reply in tokens", number, 48)
    .option("--judge <name>", "who judges the replies", "rule")
    .option("--base-url <url>", "address of an openai: model's server")
    .option("--api-key-env <name>", "environment variable that holds its key")
    .option("--concurrency <n>", "most probes at the same time (default: all)", number)
    .option("--out <file>", "write every probe's result there, as JSON lines")
    .option("--quiet", "no progress display")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example("candor eval minnow --suite mask --probes 20", "candor eval hf:./SmolLM2-135M-Instruct"),
    )
    .action(async (name: string, options: Options) => {
      const { resolveChatModel } = await import("../../chat/index.js");
      const { resolveJudge, suites, summarise } = await import("../../evaluation/index.js");
      const { defaultProbes } = await import("../../simulation/index.js");
      const { didYouMean } = await import("../../yaml/index.js");
      const { evalTable } = await import("../results/index.js");
      const open = Object.hasOwn(suites, options.suite) ? suites[options.suite] : undefined;
      if (!open)
        throw new UserError(
          `unknown suite "${options.suite}"${didYouMean(options.suite, Object.keys(suites))}`,
        );
      const suite = open({
        file: options.file ?? defaultProbes(options.suite, name.startsWith("minnow") ? "minnow" : "english"),
        probes: options.probes,
        temperature: options.temperature,
        maxTokens: options.maxTokens,
      });
      const judge = resolveJudge(options.judge);
      const spec = { model: name, base_url: options.baseUrl, api_key_env: options.apiKeyEnv };
      const model = await resolveChatModel(spec);
      const total = suite.probes.length;
      let shown = 0;
      const results = await suite.run({
        model,
        judge,
        seed: `${options.seed}/evaluation`,
        concurrency: options.concurrency,
        signal,
        onProgress: (done) => {
          const tenth = Math.floor((10 * done) / total);
          if (options.quiet || tenth <= shown) return;
          shown = tenth;
          process.stderr.write(`${done} of ${total} probes\n`);
        },
      });
      if (options.out) {
        const { writeJsonl } = await import("../../simulation/index.js");
        await writeJsonl(options.out, results);
      }
      const metrics = summarise(results);
      process.stdout.write(
        options.json ? `${JSON.stringify({ model: name, metrics }, null, 2)}\n` : evalTable(results),
      );
      if (results.every(({ error }) => error !== null)) {
        process.stderr.write(`candor: every probe failed; the first: ${results[0]?.error}\n`);
        throw new CommandFailed();
      }
    });
};

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError("expected a number that is not negative.");
  }
  return value;
}
