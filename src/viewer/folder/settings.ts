import { minnowOfSeed, type Scenario } from "../../scenario/index.js";

/** Settings by their dotted path, as text. */
export type Settings = Readonly<Record<string, string>>;

/** Not settings: prose, what `candor run` does not read, and what seeds are for. */
const IGNORED = /^(?:description|seed|sweep(?:\..*)?)$/u;

/** Every setting of a scenario by its dotted path. The minnow that the run's own seed picked is called by its family's name. */
export function settingsOf(scenario: Scenario): Settings {
  const picked = minnowOfSeed(scenario.seed);
  return Object.fromEntries(
    Object.entries(flat(scenario)).map(([path, value]) => [path, value === picked ? "minnow" : value]),
  );
}

function flat(value: unknown, path = ""): Settings {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { [path]: typeof value === "string" ? value : JSON.stringify(value) };
  const parts = Object.entries(value).flatMap(([name, field]) =>
    Object.entries(flat(field, path === "" ? name : `${path}.${name}`)),
  );
  return Object.fromEntries(parts);
}

/** Paths of the settings that are not the same in all, in their order. */
export function differing(all: readonly Settings[]): string[] {
  const names = new Set(all.flatMap((settings) => Object.keys(settings)));
  return [...names].filter(
    (name) => !IGNORED.test(name) && new Set(all.map((settings) => settings[name])).size > 1,
  );
}

/** Settings that are the same in all, in their order. */
export function common(all: readonly Settings[]): { field: string; value: string }[] {
  const [first = {}, ...others] = all;
  return Object.entries(first)
    .filter(([field, value]) => !IGNORED.test(field) && others.every((one) => one[field] === value))
    .map(([field, value]) => ({ field, value }));
}
