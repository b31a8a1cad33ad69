import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { converseAll } from "../src/interaction/index.js";
import { InstantModel, turn } from "./parts/instant-model.js";
import { resultOf, startPart } from "./parts/start.js";
import { CALLS_A_TALK, talksOf } from "./parts/talks.js";

const TALKS = 4_000;
const TURNS = 5;

/**
 * What the simulator adds to an interaction: the processor time of talks with models that answer at once, less that of the same
 * calls made bare (LangChain's `invoke` belongs to the model); measured in turns, the least of them. Then a whole run with one
 * round of 20,000 users, with all its files, as a process of its own.
 */
export default async function bench() {
  const speaker = new InstantModel(turn);
  const rater = new InstantModel(() => "7");
  const models = { assistant: speaker, user: speaker, rater };
  const request = await talksOf(TALKS);
  const said = [turn(0), turn(1), turn(2)] as const;
  const given = [
    new SystemMessage("You help."),
    new HumanMessage(said[0]),
    new AIMessage(said[1]),
    new HumanMessage(said[2]),
  ];
  const spent = { talks: [] as number[], bare: [] as number[] };
  for (let again = 0; again <= TURNS; again += 1) {
    const bare = await processorTime(async () => {
      for (let i = 0; i < TALKS * CALLS_A_TALK; i += 1) await speaker.invoke(given, { seed: 1 } as object);
    });
    const talks = await processorTime(() => converseAll({ ...request, models }));
    // The first warms up.
    if (again > 0) {
      spent.bare.push(bare / TALKS);
      spent.talks.push(talks / TALKS);
    }
  }
  const [talk, bare] = [Math.min(...spent.talks), Math.min(...spent.bare)];
  const round = await resultOf<Record<string, number>>(startPart("round.ts"));
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

/** In milliseconds, of all threads. */
async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
