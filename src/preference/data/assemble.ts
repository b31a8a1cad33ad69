import { shuffle, stream } from "../../random.js";
import { addedCount } from "../shares.js";

export type AssembleRequest<T> = {
  /** The ordinary rows; all of them where nothing is added. */
  ordinary: readonly T[];
  added: readonly T[];
  /** Share of added rows, in [0, 1]. */
  share: number;
  /** How many rows in all; as many as there are ordinary ones if absent. */
  rows: number | undefined;
  /** The round, from 1: each goes on where the one before stopped. */
  round: number;
  /** Name of the run's random stream. */
  seed: string;
};

/**
 * The rows of a round. Every place has an ordinary row; the share says how many places have one of the others instead. Both
 * orders and the places are drawn once for a seed: rows replaced at 5 % are replaced at 10 % too, by the same ones, so that
 * shares differ by nothing else. A file that is too small is gone through again.
 */
export function assemble<T>({
  ordinary,
  added,
  share,
  rows = ordinary.length,
  round,
  seed,
}: AssembleRequest<T>): { row: T; added: boolean }[] {
  const count = addedCount(share, rows);
  const places = shuffle(
    stream(`${seed}/places/${round}`),
    Array.from({ length: rows }, (_, place) => place),
  );
  const ordinaryRows = drawn(ordinary, rows, round, `${seed}/ordinary`);
  // As many as the places: how far a file has been gone through does not depend on the share.
  const addedRows = share > 0 ? drawn(added, rows, round, `${seed}/added`) : [];
  return places.map((rank, place) =>
    rank < count ? { row: addedRows[rank]!, added: true } : { row: ordinaryRows[place]!, added: false },
  );
}

/** The `count` items of a round: the file in a drawn order, again in another one when it is at its end. */
function drawn<T>(items: readonly T[], count: number, round: number, seed: string): T[] {
  const orders = new Map<number, T[]>();
  return Array.from({ length: count }, (_, index) => {
    const at = (round - 1) * count + index;
    const turn = Math.floor(at / items.length);
    const order = orders.get(turn) ?? shuffle(stream(`${seed}/${turn}`), items);
    orders.set(turn, order);
    return order[at % items.length]!;
  });
}
