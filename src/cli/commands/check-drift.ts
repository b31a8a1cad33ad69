import { existsSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import type { CellId } from "../../drift/index.js";
import { UserError } from "../../errors.js";
import { requireOnce } from "../../once.js";
import { packageVersion } from "../../package-root.js";
import type { Outcome } from "../../report/index.js";
import { shownPath } from "../../shown-path.js";
import { example, type RegisterCommand } from "../command.js";
import { GateClosed } from "../exit.js";
import { collect } from "../parsers.js";
import { say } from "../say.js";

export const registerCheckDrift: RegisterCommand = (program, { signal }) => {
  program
    .command("check-drift")
    .description(
      "hold a finished run or sweep against limits, for a pipeline: exit code 3 where it does not pass, or where nobody can tell",
    )
    .argument("<folder>", "a run's or a sweep's folder")
    .option(
      "--fail-if <condition>",
      "fails where it holds, e.g. 'headline.drop > 2 at 95 %': the whole interval lies beyond; may be repeated",
      collect,
    )
    .option(
      "--fail-unless <condition>",
      "fails unless it holds, e.g. 'headline.drop < 5 at 95 %': also where nobody knows; may be repeated",
      collect,
    )
    .option(
      "--only <axis=value>",
      "of a sweep, every cell with this value, e.g. case=capped, in place of the comparison that the headline speaks of; may be repeated",
      collect,
    )
    .option(
      "--allow <what>",
      "what may be the case and yet pass: floor, broken, errors, unfinished, one_seed, warnings, unmeasured; may be repeated",
      collect,
    )
    .option("--junit <file>", "write the result as JUnit's XML")
    .option("--sarif <file>", "write what did not pass as SARIF")
    .option("--markdown <file>", "write a summary for a pull request")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      example(
        "candor check-drift runs/ten-percent-0123456789 --fail-if 'headline.drop > 2 at 95 %' --markdown gate.md",
        "candor check-drift runs/logs-0123456789 --fail-unless 'headline.drop < 5 at 95 % in every round'",
        "candor check-drift runs/caps-0123456789 --fail-if 'capability/accuracy.drop > 3 at 95 %' --only case=capped",
        "without conditions those of the scenario's gate: count",
      ),
    )
    .action(async (folder, options) => {
      const { evaluateRules, onlyCells, verdictOf } = await import("../../decide/index.js");
      const { readOutcome } = await import("../../report/index.js");
      await requirePlaces(options);
      const outcome = await readOutcome(folder);
      signal.throwIfAborted();
      const { gate } = outcome.source.scenario;
      const rules = await rulesOf(options, gate, folder);
      const findings = evaluateRules(rules, outcome, {
        name: await namesOf(outcome),
        only: onlyCells(options.only ?? [], outcome.analysis.pooled),
        allow: await allowedOf(options.allow, gate?.allow),
      });
      const { sentence } = outcome.headline;
      await writeFiles(findings, options, { name: outcome.source.scenario.name, sentence, folder });
      const verdict = verdictOf(findings);
      if (options.json)
        say(`${JSON.stringify({ passed: verdict === "passed", verdict, findings, sentence }, null, 2)}\n`);
      else say(await textOf(findings, sentence));
      if (verdict !== "passed") throw new GateClosed();
    });
};

type Findings = ReturnType<typeof import("../../decide/index.js").evaluateRules>;

async function textOf(findings: Findings, sentence: string): Promise<string> {
  const { ruleWords } = await import("../../decide/index.js");
  const marks = { passed: "passed", failed: "FAILED", undecided: "UNDECIDED" } as const;
  const lines = findings.map(
    (one) => `${marks[one.verdict].padEnd(9)}  ${ruleWords(one.rule)}\n           ${one.sentence}.\n`,
  );
  return `${lines.join("")}\n${sentence}\n`;
}

/** Cells by what tells them apart; a run by itself needs no name. */
async function namesOf({ source, analysis, terms }: Outcome): Promise<(cell: CellId) => string> {
  if (source.kind === "run") return () => "";
  const { axesText, gridOf } = await import("../../drift/index.js");
  const { named } = gridOf(analysis.pooled);
  const methods = new Set(analysis.pooled.map(({ method }) => method));
  return (cell) =>
    [axesText(named(cell)), methods.size > 1 ? cell.method : "", terms.of(cell.biased)]
      .filter((part) => part !== "")
      .join(", ");
}

async function allowedOf(given: readonly string[] | undefined, own: readonly Trouble[] = []) {
  const { GATE_TROUBLES } = await import("../../scenario/index.js");
  const { didYouMean } = await import("../../yaml/index.js");
  return (given ?? own).map((word) => {
    const found = GATE_TROUBLES.find((one) => one === word.replaceAll("-", "_"));
    if (found) return found;
    throw new UserError(`--allow ${word}: nothing of that name${didYouMean(word, GATE_TROUBLES)}`);
  });
}

type Trouble = typeof import("../../scenario/index.js").GATE_TROUBLES[number];
type Files = { junit?: string; sarif?: string; markdown?: string };

/** Each in a file of its own, and none in a run's folder. */
async function requirePlaces({ junit, sarif, markdown }: Files): Promise<void> {
  const { requireOutsideOfRuns } = await import("../../runs/index.js");
  const given = Object.entries({ junit, sarif, markdown }).flatMap(([name, path]) =>
    path === undefined ? [] : [{ name: `--${name}`, path }],
  );
  requireOnce(given.map(({ name, path }) => ({ option: `${name} ${path}`, of: resolve(path) })));
  for (const { name, path } of given) requireOutsideOfRuns(path, { option: name });
}

async function writeFiles(
  findings: Findings,
  { junit, sarif, markdown }: Files,
  { name, sentence, folder }: { name: string; sentence: string; folder: string },
): Promise<void> {
  const { junitOf, markdownOf, sarifOf } = await import("../../decide/index.js");
  const { makeWithParents, notWritten, writeWhole } = await import("../../whole/index.js");
  const write = async (path: string | undefined, text: () => string) => {
    if (path === undefined) return;
    try {
      await makeWithParents(dirname(path));
      await writeWhole(path, text());
    } catch (error) {
      throw notWritten(path, error, { advice: "name another file" });
    }
  };
  await write(junit, () => junitOf(findings, name));
  const beside = sarif === undefined ? { file: folder, line: 1 } : await gatePlace(folder);
  await write(sarif, () => sarifOf(findings, { ...beside, version: packageVersion() }));
  await write(markdown, () => markdownOf(findings, { name, sentence }));
}

/**
 * What a code host is to show results beside: the scenario that a sweep was played from, at its gate, since hosts know the files of a
 * repository alone; the folder itself where that is not told, or lies outside of where the command is given.
 */
async function gatePlace(folder: string): Promise<{ file: string; line: number }> {
  const { isSweepFolder, readSweepIn } = await import("../../runs/index.js");
  if (!isSweepFolder(folder)) return { file: folder, line: 1 };
  const { scenario_file } = await readSweepIn(folder);
  const file = shownPath(resolve(folder, scenario_file));
  if (file.startsWith("..") || isAbsolute(file) || !existsSync(file)) return { file: folder, line: 1 };
  return { file, line: await gateLine(file) };
}

/** The line of a scenario's gate; that of its first field where it has none, and the first of a file that cannot be read any more. */
async function gateLine(file: string): Promise<number> {
  const { readYaml } = await import("../../yaml/index.js");
  try {
    return readYaml(file).where(["gate"], "key").line;
  } catch (error) {
    if (error instanceof UserError) return 1;
    throw error;
  }
}

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
    `${folder}: nothing to hold it against; give --fail-if 'headline.drop > 2 at 95 %', or gate: { fail_if: [...] } in the scenario`,
  );
}
