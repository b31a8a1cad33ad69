import { type IndexStore, parseProbe, whileWritten } from "../../runs/index.js";
import type { ProbeView } from "../api.js";
import type { FoundRun } from "../folder/index.js";
import { readProbes } from "./rounds.js";

export { readProbes } from "./rounds.js";
export { readProbeTable } from "./table.js";

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
