// @ts-check
import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { converseAll } from "../../dist/interaction/index.js";
import { InstantModel, turn } from "./instant-model.mjs";
import { CALLS_A_TALK, talksOf } from "./talks.mjs";

// Processor time of talks with models that answer at once, and of the same calls made bare; in turns, the least of each.
const TALKS = Number(process.argv[2]);
const TURNS = 5;
const speaker = new InstantModel(turn);
const rater = new InstantModel(() => "7");
const models = { assistant: speaker, user: speaker, rater };
const request = await talksOf(TALKS);
const said = /** @type {const} */ ([turn(0), turn(1), turn(2)]);
const given = [
  new SystemMessage("You help."),
  new HumanMessage(said[0]),
  new AIMessage(said[1]),
  new HumanMessage(said[2]),
];
/** @type {{ talks: number[], bare: number[] }} */
const spent = { talks: [], bare: [] };
for (let again = 0; again <= TURNS; again += 1) {
  const bare = await processorTime(async () => {
    for (let i = 0; i < TALKS * CALLS_A_TALK; i += 1) await speaker.invoke(given);
  });
  const talks = await processorTime(() => converseAll({ ...request, models }));
  // The first warms up.
  if (again > 0) {
    spent.bare.push(bare / TALKS);
    spent.talks.push(talks / TALKS);
  }
}
process.stdout.write(JSON.stringify({ talk: Math.min(...spent.talks), bare: Math.min(...spent.bare) }));

/**
 * In milliseconds, of all threads.
 * @param {() => Promise<unknown>} work
 */
async function processorTime(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
