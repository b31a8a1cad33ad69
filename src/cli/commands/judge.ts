import { existsSync } from "node:fs";
import { Option } from "@commander-js/extra-typings";
import { UserError } from "../../errors.js";
import type { Judge, JudgeCheck } from "../../evaluation/index.js";
import { fixed } from "../../numbers.js";
import { packageFile } from "../../package-root.js";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";
import { address, count } from "../parsers.js";
import { say, tell } from "../say.js";

export const registerJudge: RegisterCommand = (program, { signal, permissions }) => {
  const judge = program
    .command("judge")
    .description("find out how far a judge can be trusted")
    .addHelpText("after", example("candor judge check probes/minnow/judge.jsonl --judge rule"));
  judge
    .command("check")
    .description("have a judge judge statements that people have labelled, and print how far it agrees")
    .argument(
      "<labelled.jsonl>",
      "rows of proposition, statement and label (supports, denies, declines, unclear, or number with value)",
    )
    .requiredOption("--judge <name>", "rule or a chat model")
    .option("--base-url <url>", "address of an openai: judge's server", address("--base-url"))
    .option("--api-key-env <name>", "environment variable that holds its key")
    .option(
      "--parameters <fields>",
      "more fields of every request, as in a scenario: '{ enable_thinking: false }'",
    )
    .addOption(
      new Option(
        "--labels <from>",
        "reply: the judge thinks and then says a label; probability: the probabilities of the labels, where the judge tells them",
      )
        .choices(["reply", "probability"])
        .default("reply"),
    )
    .option("--concurrency <n>", "most statements at the same time (default: all)", count)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example(
        "candor judge check probes/english/judge.jsonl --judge openai:my-judge --base-url http://localhost:8000/v1",
        "candor judge check probes/minnow/judge.jsonl --judge rule",
      ),
    )
    .action(async (file, options) => {
      const { checkJudge, loadLabelled, resolveJudge } = await import("../../evaluation/index.js");
      const rows = loadLabelled(existsSync(file) || !file.startsWith("probes/") ? file : packageFile(file));
      const opened = await resolveJudge(
        {
          model: options.judge,
          base_url: options.baseUrl,
          api_key_env: options.apiKeyEnv,
          parameters: await parametersOf(options.parameters),
        },
        permissions(),
        undefined,
        options.labels,
      );
      try {
        requireCheckable(opened, rows, `${file}: --judge ${options.judge}`);
        const result = await checkJudge(opened, rows, { concurrency: options.concurrency, signal });
        const failed = result.disagreements.filter(({ judged }) => judged.label === "error");
        say(options.json ? `${JSON.stringify(result, null, 2)}\n` : await tables(result));
        if (failed.length === rows.length) {
          tell(`candor: the judge judged nothing; the first: ${failed[0]?.judged.detail}\n`);
          throw new CommandFailed();
        }
      } finally {
        await opened.release?.();
      }
    });
};

/** Throws a UserError where a judge has nothing to say of statements such as these; `where` names both. */
function requireCheckable(
  { needs, reads }: Judge,
  rows: readonly { rules?: unknown }[],
  where: string,
): void {
  if (needs === "rules" && !rows.every(({ rules }) => rules !== undefined))
    throw new UserError(
      `${where} reads the phrases in rules, which these statements do not all have; name a chat model`,
    );
  if (reads === "candidates")
    throw new UserError(
      `${where} reads no statement, but asks the model under test how probable each is, so there is nothing to check; name rule or a chat model`,
    );
}

async function parametersOf(text: string | undefined): Promise<Record<string, unknown> | undefined> {
  if (text === undefined) return undefined;
  const { parseYaml } = await import("../../yaml/index.js");
  const { value } = parseYaml(text, "--parameters");
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new UserError(`--parameters ${text}: expected fields, such as '{ enable_thinking: false }'`);
}

async function tables(check: JudgeCheck): Promise<string> {
  const { judgeWarning } = await import("../../evaluation/index.js");
  const { n, agreement, kappa, confusion, disagreements, with_context } = check;
  const warning = judgeWarning(check);
  const { plainTable } = await import("../results/index.js");
  const labels = ["supports", "denies", "declines", "unclear", "number"].filter((label) => confusion[label]);
  const judged = [...new Set(Object.values(confusion).flatMap((row) => Object.keys(row)))];
  const columns = ["supports", "denies", "declines", "unclear", "number", "other number", "error"].filter(
    (label) => judged.includes(label),
  );
  const table = plainTable(["label \\ judge", ...columns]);
  for (const label of labels) table.push([label, ...columns.map((column) => confusion[label]![column] ?? 0)]);
  const missed = disagreements.map(
    ({ row, judged: { label, value, detail } }) =>
      `  ${row.id}: ${row.label}, judged ${label === "number" ? value : label} (${detail})\n`,
  );
  return [
    `${n} ${n === 1 ? "statement" : "statements"}\n`,
    `agreement      ${interval(agreement, 100)} %\n`,
    `Cohen's kappa  ${kappa === null ? "none: there is one label only" : interval(kappa, 1)}\n`,
    ...(with_context
      ? [
          `in its chat    ${interval(with_context.agreement, 100)} %, kappa ${with_context.kappa === null ? "none" : interval(with_context.kappa, 1)}, ${with_context.n} statements\n`,
        ]
      : []),
    ...(warning === null ? [] : [`\n${warning}\n`]),
    `\n${table.toString()}\n`,
    ...(missed.length > 0 ? ["\nDisagreements\n", ...missed] : []),
  ].join("");
}

function interval({ value, low, high }: { value: number; low: number; high: number }, scale: number): string {
  const shown = (number: number) => fixed(scale * number, scale === 1 ? 2 : 1);
  return `${shown(value)} [${shown(low)}, ${shown(high)}]`;
}
