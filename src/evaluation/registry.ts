import { UserError } from "../errors.js";
import { didYouMean } from "../yaml/index.js";
import { capabilitySuite } from "./capability/suite.js";
import { deceptionSuite } from "./deception/suite.js";
import { maskSuite } from "./mask/suite.js";
import type { SuiteSettings } from "./suite.js";
import type { Suite } from "./types.js";
import { unknownsSuite } from "./unknowns/suite.js";

export type OpenSuite = (settings: SuiteSettings) => Suite;

/** Every suite by the name scenarios use. */
export const suites: Readonly<Record<string, OpenSuite>> = {
  mask: maskSuite,
  deception: deceptionSuite,
  unknowns: unknownsSuite,
  capability: capabilitySuite,
};

/** The suite of a name. Throws a UserError that gives the nearest name, after `where` if given. */
export function suiteNamed(name: string, where = ""): OpenSuite {
  // A name such as `constructor` is none.
  const open = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (open) return open;
  throw new UserError(`${where}unknown suite "${name}"${didYouMean(name, Object.keys(suites))}`);
}
