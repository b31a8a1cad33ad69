import { UserError } from "../errors.js";
import { didYouMean } from "../yaml/index.js";
import { capability } from "./capability/kind.js";
import { deception } from "./deception/kind.js";
import { type Catalogue, catalogueOf, type SuiteInfo } from "./describe.js";
import { disposition } from "./disposition.js";
import { mask } from "./mask/kind.js";
import { readKind } from "./module-suite.js";
import { rubric } from "./rubric/suite.js";
import { sycophancy } from "./sycophancy/suite.js";
import { talks } from "./talks.js";
import type { EvaluationContext, ProbeResult, Suite, SuiteKind } from "./types.js";
import { unknowns } from "./unknowns/kind.js";

/** Every suite that ships, in the order in which they lead: a report speaks of the first that was run. */
export const suiteKinds: readonly SuiteKind[] = [mask, deception, unknowns, sycophancy, rubric, capability];

/** What the shipped suites say of themselves, hidden states and the talks: for runs that were written before suites described themselves. */
export const shippedSuites: readonly SuiteInfo[] = [...suiteKinds.map(infoOf), disposition, talks];

export const shippedCatalogue: Catalogue = catalogueOf(shippedSuites);

/** A suite that ships, by the name scenarios use. Throws a UserError that gives the nearest name, after `where` if given. */
export function suiteNamed(name: string, where = ""): SuiteKind {
  const kind = suiteKinds.find((one) => one.name === name);
  if (kind) return named(kind, name);
  const known = suiteKinds.map((one) => one.name);
  throw new UserError(
    `${where}unknown suite "${name}"${didYouMean(name, known)}; a suite of your own needs its \`module\``,
  );
}

/** The suite that a module exports by default, under a name. Throws an InputError, which calls the module `where`, if it exports something else. */
export const moduleSuite = (exported: unknown, name: string, where: string): SuiteKind =>
  named(readKind(exported, where), name);

/** A kind under the name that a scenario gives it; the suites that it opens carry what it says of itself. */
function named(kind: SuiteKind, name: string): SuiteKind {
  const own = { ...kind, name };
  return { ...own, open: (settings) => ownSuite(kind.open(settings), infoOf(own)) };
}

/** A suite whose results stand under its name, whatever its code calls itself. */
function ownSuite(suite: Suite, info: SuiteInfo): Suite {
  const { name } = info;
  const ours = (result: ProbeResult) => {
    checkScores(suite.info ?? info, name, result);
    return { ...result, suite: name };
  };
  return {
    ...suite,
    name,
    // A suite whose measure stands in a file says more of itself than its kind can.
    info: suite.info ? { ...suite.info, name } : info,
    run: async (context) => {
      const results = await suite.run({
        ...context,
        done: context.done && underAnyName(context.done, name),
        onResult: (result) => context.onResult?.(ours(result)),
      });
      return results.map(ours);
    },
  };
}

/** Throws on a score that is no share: it would be drawn, averaged and tested like any other, or be lost on its way to the disk. */
function checkScores({ metrics }: SuiteInfo, suite: string, { probe, scores }: ProbeResult): void {
  for (const [metric, score] of Object.entries<unknown>(scores)) {
    // What `candor check` finds of metrics that are not described is told there with all else.
    const isBounded = metrics.some(({ id, unbounded }) => id === metric && unbounded !== true);
    const isNumber = typeof score === "number" && Number.isFinite(score);
    const isShare = isNumber && (!isBounded || (score >= 0 && score <= 1));
    if (!isShare)
      throw new Error(
        `suite ${suite}, probe ${probe}: ${metric} is ${String(score)}, not a number from 0 to 1`,
      );
  }
}

/** What is done already, also for code that asks for it by what it calls itself: after an interruption it would ask all again. */
function underAnyName(done: NonNullable<EvaluationContext["done"]>, name: string): typeof done {
  const own = (key: string): string => `${name}/${key.slice(key.indexOf("/") + 1)}`;
  return Object.assign(new Map(done), {
    get: (key: string) => done.get(own(key)),
    has: (key: string) => done.has(own(key)),
  });
}

function infoOf({ open: _open, fields: _fields, ...info }: SuiteKind): SuiteInfo {
  return info;
}
