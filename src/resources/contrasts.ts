import { join } from "node:path";
import { type Contrast, readContrasts } from "../disposition/index.js";
import { packageFile } from "../package-root.js";
import type { Permissions } from "../permissions/index.js";
import { type Field, ofField, type Scenario } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { hashPath } from "./hash.js";
import { isShippedLanguage } from "./languages.js";
import { besideOrShipped } from "./named-file.js";
import { languageOf } from "./probes.js";
import type { Loaded } from "./types.js";

/**
 * The contrasts that a field of a scenario names: a file beside it or a language; those in the assistant's language where it names
 * none. Throws a UserError if the file is missing or malformed.
 */
export async function loadContrasts(
  name: string | undefined,
  field: Field["field"],
  assistant: Scenario["models"]["assistant"],
  { scenarioPath, permissions }: { scenarioPath: string; permissions: Permissions },
): Promise<Loaded<Contrast[]>> {
  return await ofField({ scenarioPath, field, value: name }, async () => {
    const known = name ?? (await languageOf(assistant, permissions));
    const path = isShippedLanguage(known)
      ? shippedContrasts(known)
      : besideOrShipped(known, scenarioPath, ".");
    return {
      value: readContrasts(path, shownPath(path)),
      inputs: { [`contrasts ${known}`]: await hashPath(path) },
    };
  });
}

/** The file of contrasts that ship in a language. */
export function shippedContrasts(language: string): string {
  return packageFile(join("data", "contrasts", `${language}.jsonl`));
}
