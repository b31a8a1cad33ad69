import {
  type IndexStore,
  type LineIndex,
  parseProbe,
  type SkimmedProbe,
  skimProbe,
  whileWritten,
} from "../../runs/index.js";
import type { ProbeRow, ProbeTable, ProbeView } from "../api.js";
import { type FoundRun, readFound } from "../folder/index.js";

export type RoundProbes = { round: number; index: LineIndex<SkimmedProbe> };

/** The probes of every round, as far as they have been put. */
export async function readProbes(run: FoundRun, indices: IndexStore): Promise<RoundProbes[]> {
  const { manifest, disk } = await readFound(run);
  const found: RoundProbes[] = [];
  for (let round = 0; round <= manifest.scenario.rounds; round += 1) {
    const index = await disk.round(round).probes.index(indices, skimProbe);
    if (index) found.push({ round, index });
  }
  return found;
}

/** Every probe with its verdict in every round. */
export async function readProbeTable(run: FoundRun, indices: IndexStore): Promise<ProbeTable> {
  const rounds = await readProbes(run, indices);
  const rows = new Map<string, ProbeRow>();
  const verdicts = new Set<string>();
  const suites = new Map<string, Set<string>>();
  for (const { round, index } of rounds) {
    for (const { suite, subset, probe, verdict } of index.items) {
      const key = `${suite}/${probe}`;
      const row = rows.get(key) ?? { suite, subset, probe, verdicts: {} };
      row.verdicts[round] = verdict;
      rows.set(key, row);
      verdicts.add(verdict);
      suites.set(suite, (suites.get(suite) ?? new Set()).add(subset));
    }
  }
  return {
    rounds: rounds.map(({ round }) => round),
    suites: [...suites].map(([suite, subsets]) => ({ suite, subsets: [...subsets].sort() })),
    verdicts: [...verdicts].sort(),
    rows: [...rows.values()],
  };
}

/** One probe in every round. */
export async function readProbe(
  run: FoundRun,
  { suite, probe }: { suite: string; probe: string },
  indices: IndexStore,
): Promise<ProbeView> {
  return await whileWritten(async () => {
    const rounds: ProbeView["rounds"] = [];
    for (const { round, index } of await readProbes(run, indices)) {
      const at = index.items.findIndex((item) => item.suite === suite && item.probe === probe);
      if (at >= 0) rounds.push({ round, result: parseProbe(await index.read(at)) });
    }
    return { rounds };
  });
}

/** Probes of any round in which any sample contains the text, as `suite/probe`. */
export async function searchProbes(
  run: FoundRun,
  text: string,
  indices: IndexStore,
  signal?: AbortSignal,
): Promise<string[]> {
  return await whileWritten(() => search(run, text, indices, signal));
}

async function search(
  run: FoundRun,
  text: string,
  indices: IndexStore,
  signal?: AbortSignal,
): Promise<string[]> {
  const wanted = text.trim().toLowerCase();
  const raw = JSON.stringify(wanted).slice(1, -1);
  const hits = new Set<string>();
  for (const { index } of await readProbes(run, indices)) {
    await index.scan((_at, line) => {
      const source = line.toString("utf8");
      if (!source.toLowerCase().includes(raw)) return;
      const { suite, probe, samples } = parseProbe(source);
      const said = samples.flatMap(({ messages, reply }) => [
        reply,
        ...messages.map(({ content }) => content),
      ]);
      if (probe.toLowerCase().includes(wanted) || said.some((part) => part.toLowerCase().includes(wanted)))
        hits.add(`${suite}/${probe}`);
    }, signal);
  }
  return [...hits];
}
