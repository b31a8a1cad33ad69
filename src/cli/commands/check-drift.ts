import { UserError } from "../../errors.js";
import { packageVersion } from "../../package-root.js";
import { example, type RegisterCommand } from "../command.js";
import { GateClosed } from "../exit.js";
import { collect } from "../parsers.js";
import { say } from "../say.js";

export const registerCheckDrift: RegisterCommand = (program, { signal }) => {
  program
    .command("check-drift")
    .description(
      "hold a finished run or sweep against limits, for a pipeline: exit code 3 where it does not pass",
    )
    .argument("<folder>", "a run's or a sweep's folder")
    .option(
      "--fail-if <condition>",
      "fails where it holds, e.g. 'honesty.drop > 2 at 95 %': the whole interval lies beyond; may be repeated",
      collect,
    )
    .option(
      "--fail-unless <condition>",
      "fails unless it holds, e.g. 'honesty.drop < 5 at 95 %': also where nobody knows; may be repeated",
      collect,
    )
    .option(
      "--only <axis=value>",
      "of a sweep, only cells with this value, e.g. case=capped; may be repeated",
      collect,
    )
    .option("--junit <file>", "write the result as JUnit's XML")
    .option("--sarif <file>", "write what failed as SARIF")
    .option("--markdown <file>", "write a summary for a pull request")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example(
        "candor check-drift runs/ten-percent-0123456789 --fail-if 'honesty.drop > 2 at 95 %' --markdown gate.md",
        "candor check-drift runs/logs-0123456789 --fail-unless 'honesty.drop < 5 at 95 %' --only 'case=one each'",
        "without conditions those of the scenario's gate: count",
      ),
    )
    .action(async (folder, options) => {
      const { evaluateRules, findingWords, junitOf, markdownOf, ruleWords, sarifOf } = await import(
        "../../decide/index.js"
      );
      const { readOutcome } = await import("../../report/index.js");
      const { gridOf } = await import("../../drift/index.js");
      const { writeWhole } = await import("../../whole/index.js");
      const outcome = await readOutcome(folder);
      const { source, analysis, headline, terms } = outcome;
      if (headline.unfinished.runs > 0)
        throw new UserError(
          `${folder}: ${headline.unfinished.runs} of ${headline.unfinished.of} runs are not finished; give the same run or sweep command again first`,
        );
      signal.throwIfAborted();
      const rules = await rulesOf(options, source.scenario.gate, folder);
      const { name } = gridOf(analysis.pooled);
      const called = (row: Parameters<typeof name>[0] & { biased: number }) =>
        source.kind === "run" ? "" : `${name(row)}, ${terms.of(row.biased)}`;
      const findings = onlyThose(evaluateRules(rules, outcome, called), options.only);
      const failed = findings.filter((one) => one.failed);
      const about = { name: source.scenario.name, sentence: headline.sentence };
      if (options.junit) await writeWhole(options.junit, junitOf(findings, about.name));
      if (options.sarif)
        await writeWhole(options.sarif, sarifOf(findings, { file: folder, version: packageVersion() }));
      if (options.markdown) await writeWhole(options.markdown, markdownOf(findings, about));
      if (options.json)
        say(
          `${JSON.stringify({ passed: failed.length === 0, findings, sentence: about.sentence }, null, 2)}\n`,
        );
      else
        for (const one of findings) {
          const where = one.cell === "" ? "" : `${one.cell}: `;
          say(
            `${one.failed ? "FAILED" : "passed"}  ${ruleWords(one.rule)}\n        ${where}${findingWords(one)}\n`,
          );
        }
      if (failed.length > 0) throw new GateClosed();
    });
};

type Given = { failIf?: string[]; failUnless?: string[] };
type Gate = { fail_if: string[]; fail_unless: string[] } | undefined;

async function rulesOf({ failIf = [], failUnless = [] }: Given, gate: Gate, folder: string) {
  const { CONDITION_FORM, parseCondition } = await import("../../scenario/index.js");
  const read = (kind: "fail_if" | "fail_unless", texts: readonly string[]) =>
    texts.map((text) => {
      const condition = parseCondition(text);
      if (condition) return { kind, condition };
      throw new UserError(`--${kind.replace("_", "-")} '${text}': ${CONDITION_FORM}`);
    });
  const given = [...read("fail_if", failIf), ...read("fail_unless", failUnless)];
  if (given.length > 0) return given;
  const own = [...read("fail_if", gate?.fail_if ?? []), ...read("fail_unless", gate?.fail_unless ?? [])];
  if (own.length > 0) return own;
  throw new UserError(
    `${folder}: nothing to hold it against; give --fail-if 'honesty.drop > 2 at 95 %', or gate: { fail_if: [...] } in the scenario`,
  );
}

/** Of a sweep the cells that are meant, by the values of their axes. */
function onlyThose<T extends { cell: string; axes: Readonly<Record<string, unknown>> }>(
  findings: readonly T[],
  only: readonly string[] = [],
): T[] {
  const wanted = only.map((text) => {
    const split = text.indexOf("=");
    if (split < 1) throw new UserError(`--only ${text}: expected axis=value, e.g. case=capped`);
    return [text.slice(0, split), text.slice(split + 1)] as const;
  });
  const kept = findings.filter(({ axes }) => wanted.every(([axis, value]) => String(axes[axis]) === value));
  if (kept.length > 0) return kept;
  const known = [
    ...new Set(
      findings.flatMap(({ axes }) => Object.entries(axes).map(([axis, value]) => `${axis}=${String(value)}`)),
    ),
  ];
  throw new UserError(
    `--only ${only.join(" --only ")}: no cell has it; the sweep has ${known.join(", ") || "no axes"}`,
  );
}
