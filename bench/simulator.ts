import { resultOf, startPart } from "./parts/start.js";
import { CALLS_A_TALK } from "./parts/talks.mjs";

const TALKS = 4_000;

/**
 * What the simulator adds to an interaction: the processor time of talks with models that answer at once, less that of the same
 * calls made bare (LangChain's `invoke` belongs to the model); measured in turns, the least of them. Then a whole run with one
 * round of 20,000 users, with all its files. Both as processes of their own that play what was built.
 */
export default async function bench() {
  const { talk, bare } = await resultOf<{ talk: number; bare: number }>(
    startPart("talk-time.mjs", [String(TALKS)]),
  );
  const round = await resultOf<Record<string, number>>(startPart("round.mjs"));
  return {
    name: `simulator: ${TALKS} talks of ${CALLS_A_TALK} calls with models that answer at once`,
    rows: [
      { what: "a talk, processor ms", value: talk },
      { what: "its calls bare, processor ms", value: bare },
      { what: "simulator's part, processor ms", value: talk - bare },
      ...Object.entries(round).map(([what, value]) => ({ what, value })),
    ],
  };
}
