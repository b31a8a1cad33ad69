import { UserError } from "../errors.js";
import { didYouMean } from "../yaml/index.js";
import { capability } from "./capability/kind.js";
import { deception } from "./deception/kind.js";
import { type Catalogue, catalogueOf, type SuiteInfo } from "./describe.js";
import { disposition } from "./disposition.js";
import { mask } from "./mask/kind.js";
import { readKind } from "./module-suite.js";
import { openedSuite, ownResult, requireEach } from "./own-results.js";
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
  return { ...own, open: (settings) => ownSuite(openedSuite(kind.open(settings)), infoOf(own)) };
}

/** A suite whose results stand under its name, whatever its code calls itself, and are those of its probes. */
function ownSuite(suite: Suite, kind: SuiteInfo): Suite {
  const { name } = kind;
  // A suite whose measure stands in a file says more of itself than its kind can.
  const info = suite.info ? { ...suite.info, name } : kind;
  const own = { ...suite, name, info };
  const ours = (result: ProbeResult) => ({ ...ownResult(own, info, result), suite: name });
  return {
    ...own,
    run: async (context) => {
      const told = new Map<string, string>();
      const results: unknown = await suite.run({
        ...context,
        done: context.done && underAnyName(context.done, name),
        onResult: (given) => {
          const result = ours(given);
          told.set(result.probe, JSON.stringify(result));
          return context.onResult?.(result);
        },
      });
      if (!Array.isArray(results)) throw new Error(`suite ${name}: run() gives no list of results`);
      const all = results.map(ours);
      requireEach(own, all, told);
      return all;
    },
  };
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
