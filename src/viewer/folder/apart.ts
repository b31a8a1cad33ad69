import type { RunEntry } from "../api.js";
import type { FoundRun } from "./find.js";
import { readFound } from "./run-entry.js";
import { differing, settingsOf } from "./settings.js";

/** Entries of a list, each with the settings that tell it from other runs of its name. Runs of a sweep have its axes. */
export async function apart(
  entries: readonly RunEntry[],
  found: ReadonlyMap<string, FoundRun>,
): Promise<RunEntry[]> {
  const byName = new Map<string, RunEntry[]>();
  for (const entry of entries)
    if (entry.sweep === null) byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry]);
  const told = new Map<string, Record<string, string>>();
  for (const same of byName.values()) {
    if (same.length < 2) continue;
    const settings = await Promise.all(
      same.map(async ({ id }) => settingsOf((await readFound(found.get(id)!)).manifest.scenario)),
    );
    const paths = differing(settings);
    for (const [at, { id }] of same.entries())
      told.set(id, Object.fromEntries(paths.map((path) => [path, settings[at]![path] ?? "–"])));
  }
  return entries.map((entry) => ({ ...entry, apart: told.get(entry.id) ?? {} }));
}
