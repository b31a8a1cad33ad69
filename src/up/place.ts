import type { PlannedServer, ServedModel } from "./types.js";

export type Placing = {
  /** Cards by the names that CUDA_VISIBLE_DEVICES takes; none: one server a model, which is not told where. */
  cards: readonly string[];
  /** Share of a card's memory for all servers on it. */
  memory: number;
  /** Whether nobody listens at a port of this machine. */
  isFree: (port: number) => Promise<boolean>;
};

/**
 * Servers for models, one a card: a model with one address gets a server on each of its cards, at the port of its address
 * and the next free ones; one with a list gets as many as that has. Several models divide the cards.
 */
export async function placeServers(
  models: readonly ServedModel[],
  { cards, memory, isFree }: Placing,
): Promise<PlannedServer[]> {
  const taken = new Set(models.flatMap(({ addresses }) => addresses.map(portOf)));
  const servers: PlannedServer[] = [];
  for (const [index, model] of models.entries()) {
    const mine = cardsOf(index, models.length, cards);
    const addresses: string[] = [...model.addresses];
    for (
      let port = portOf(addresses[0]!) + 1;
      model.addresses.length === 1 && addresses.length < mine.length;
      port += 1
    ) {
      if (taken.has(port) || !(await isFree(port))) continue;
      taken.add(port);
      addresses.push(`http://${new URL(addresses[0]!).hostname}:${port}/v1`);
    }
    for (const [place, address] of addresses.entries())
      servers.push({ model, address, card: mine[place % mine.length] ?? null, memory });
  }
  return servers.map((server) => {
    const beside = servers.filter(({ card }) => card === server.card).length;
    return { ...server, memory: Math.floor((1000 * memory) / beside) / 1000 };
  });
}

/** Every so many-th card, or one that others have as well where there are fewer than models. */
function cardsOf(index: number, models: number, cards: readonly string[]): (string | null)[] {
  if (cards.length === 0) return [null];
  const mine = cards.filter((_card, place) => place % models === index);
  return mine.length > 0 ? mine : [cards[index % cards.length]!];
}

export function portOf(address: string): number {
  return Number(new URL(address).port);
}
