import { ownPace, type Pace } from "../models/index.js";

/**
 * The pace of one of several who do not know of each other: a share of each server's rate, so that together they keep to
 * it. A server's pause is known only to those whom it told.
 */
export function shareOfPace(sharers: number, pace: Pace = ownPace()): Pace {
  return { ...pace, book: (server, everyMs) => pace.book(server, everyMs * sharers) };
}
