import { Stopped } from "../errors.js";
import type { Scenario } from "../scenario/index.js";
import { trainerKind } from "../training/kinds/index.js";
import { type Folders, servedModels } from "./models.js";
import { placeServers } from "./place.js";
import { isFree, requireFree, type ServerOptions, startServer, tellEnd, untilServed } from "./servers.js";
import type { PlannedServer } from "./types.js";

export type UpOptions = ServerOptions & {
  folders: Folders;
  /** One server a card; one in all, which is not told where, if there are none. */
  cards: readonly string[];
  /** Share of a card's memory for the servers on it; what is left to trainers by default. */
  memory?: number;
  /** What to do while they are up, told the addresses; their end is the servers' end. */
  meanwhile: (servers: readonly PlannedServer[], signal: AbortSignal) => Promise<number | null>;
};

/** Of a card where nothing else is, and where the runs' trainers are as well. */
const MEMORY = { alone: 0.9, shared: 0.4 };

/**
 * Starts the servers that a scenario's models on this machine need, waits until all answer, and ends them when what is done
 * meanwhile ends, fails or is interrupted. Returns what that gave.
 */
export async function up(scenario: Scenario, options: UpOptions): Promise<number | null> {
  const { cards, folders, memory = memoryFor(scenario), tell } = options;
  const planned = await placeServers(servedModels(scenario, folders), { cards, memory, isFree });
  await requireFree(planned);
  const hangUp = new AbortController();
  const signal = AbortSignal.any([options.signal, hangUp.signal]);
  // A terminal that is closed would end this process at once, and leave the servers.
  const onHangUp = (): void => hangUp.abort(new Stopped("the terminal was closed"));
  process.on("SIGHUP", onHangUp);
  const servers = planned.map((one) => startServer(one, options));
  try {
    await Promise.all(servers.map((one) => untilServed(one, { ...options, signal })));
    let over = false;
    for (const server of servers) tellEnd(server, (line) => over || tell(line));
    return await options.meanwhile(planned, signal).finally(() => {
      over = true;
    });
  } finally {
    await Promise.all(servers.map(({ running }) => running.stop()));
    process.off("SIGHUP", onHangUp);
  }
}

function memoryFor({ training: { trainer, external } }: Scenario): number {
  const elsewhere = trainerKind(trainer)?.embedded || (external?.prefix ?? []).length > 0;
  return elsewhere ? MEMORY.alone : MEMORY.shared;
}

/** `field=value` for every field of a scenario that is to name more servers than it does, as `--set` takes it. */
export function moreAddresses(servers: readonly PlannedServer[]): string[] {
  const models = [...new Set(servers.map(({ model }) => model))];
  return models.flatMap((model) => {
    const addresses = servers.filter((one) => one.model === model).map(({ address }) => address);
    if (addresses.length === model.addresses.length) return [];
    // A field of a list cannot be set; there the first address stays, which is up as well.
    const fields = model.fields.filter((field) => field.startsWith("models."));
    return fields.map((field) => `${field}.base_url=${JSON.stringify(addresses)}`);
  });
}
