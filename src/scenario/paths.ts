import { dirname, join, resolve } from "node:path";
import { isEmbedded, modelPath } from "../models/providers/index.js";
import { packageFile } from "../package-root.js";
import { mayTouch, type Permissions } from "../permissions/index.js";
import { type Problem, partAt } from "../yaml/index.js";

type Path = Problem["path"];

/** A file or folder that a scenario names. */
type Named = { field: Path; name: string; path: string };

/**
 * Paths that lead out of the scenario's folder, the working folder and what ships with candor: a scenario from a stranger
 * reads and writes nothing else. Takes the value as written. Personas and situations are named, not given as paths.
 */
export function pathProblems(value: unknown, scenarioPath: string, permissions: Permissions): Problem[] {
  const folders = [dirname(scenarioPath), process.cwd(), packageFile(".")];
  return namedPaths(value, dirname(scenarioPath))
    .filter(({ path }) => !mayTouch(permissions, path, folders))
    .map(({ field, name }) => ({ path: field, message: `${name} ${OUTSIDE}`, at: "value" }));
}

const OUTSIDE =
  "is outside of the scenario's folder and the working folder, or hidden; move it there, or add --allow-paths if you trust the scenario";

function namedPaths(value: unknown, folder: string): Named[] {
  const text = (field: Path): { field: Path; name: string }[] => {
    const name = partAt(value, field);
    return typeof name === "string" ? [{ field, name }] : [];
  };
  const beside = (field: Path): Named[] =>
    text(field).map((named) => ({ ...named, path: resolve(folder, named.name) }));
  const data = ["source", "data"];
  // One export, or a list of them.
  const exports = keysAt(value, data).flatMap((index) => beside([...data, index]));
  const source = ["data", "added"].flatMap((field) => beside(["source", field]));
  const ofVariant = text(["source", "variant"]).flatMap((named) =>
    source.map(({ path }) => ({ ...named, path: join(path, `${named.name}.jsonl`) })),
  );
  const suites = keysAt(value, ["evaluation", "suites"]);
  const defences = keysAt(value, ["preference", "defences"]).map((key) => ["preference", "defences", key]);
  const models = [
    ...keysAt(value, ["models"]).map((role) => ["models", role]),
    ...defences.map((defence) => [...defence, "judge"]),
  ];
  return [
    ...suites.flatMap((suite) => {
      // One file, or a list of them.
      const file = ["evaluation", "suites", suite, "file"];
      return [file, ...keysAt(value, file).map((index) => [...file, index])].flatMap(beside);
    }),
    ...defences.flatMap((defence) =>
      ["file", "path", "contrasts"].flatMap((field) => beside([...defence, field])),
    ),
    ...beside(["prompts"]),
    ...beside(["evaluation", "judge_check"]),
    ...beside(["evaluation", "disposition", "contrasts"]),
    ...beside(["training", "kl", "data"]),
    ...beside(["training", "interleave", "data"]),
    ...beside(["training", "steer", "contrasts"]),
    ...beside(["interaction", "rater_check"]),
    ...beside(["budget", "prices"]),
    ...source,
    ...exports,
    ...ofVariant,
    ...text(["cache"]).map((named) => ({ ...named, path: resolve(named.name) })),
    ...models
      .flatMap((field) => [...text(field), ...text([...field, "model"])])
      .flatMap(({ field, name }) => {
        // Code that may run at all may read what it likes.
        const path = isEmbedded(name) ? modelPath(name) : null;
        return path === null ? [] : [{ field, name, path }];
      }),
  ];
}

function keysAt(value: unknown, path: Path): (string | number)[] {
  const found = partAt(value, path);
  if (Array.isArray(found)) return [...found.keys()];
  return typeof found === "object" && found !== null ? Object.keys(found) : [];
}
