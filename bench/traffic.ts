import { openTraffic, resolveChatModel } from "../src/chat/index.js";
import { converseAll } from "../src/interaction/index.js";
import { firstLine, startPart } from "./parts/start.js";
import { CALLS_A_TALK, talksOf } from "./parts/talks.js";

const LATENCY = 50;
const SLOTS = 64;
const TALKS = Number(process.env.TALKS ?? 2_560);

/**
 * Talks against a server (a process of its own) that takes 50 ms for each call and has 64 slots, beside the ideal: all slots
 * busy from the first moment to the last. Every call goes the whole way: prompts, cache key, gate, HTTP, token counts.
 */
export default async function bench() {
  const server = startPart("slow-server.ts", [], { LATENCY: String(LATENCY), SLOTS: String(SLOTS) });
  try {
    const base_url = await firstLine(server);
    const traffic = openTraffic();
    const spec = { model: "openai:slow", base_url };
    const model = await resolveChatModel(spec, { traffic });
    const models = { assistant: model, user: model, rater: model };
    const request = talksOf(TALKS);
    const cpu = process.cpuUsage();
    const start = performance.now();
    const talks = await converseAll({ ...request, models, concurrency: 2 * SLOTS });
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    const failed = talks.filter(({ error }) => error !== null);
    if (failed.length > 0) throw new Error(`${failed.length} talks failed: ${failed[0]!.error}`);
    const calls = TALKS * CALLS_A_TALK;
    const ideal = (SLOTS / LATENCY) * 1_000;
    return {
      name: `${calls} calls to a server of ${LATENCY} ms and ${SLOTS} slots`,
      rows: [
        {
          seconds,
          "calls/s": Math.round(calls / seconds),
          "of the ideal": `${((100 * calls) / seconds / ideal).toFixed(1)} %`,
          "processor ms a call": (user + system) / 1_000 / calls,
        },
      ],
    };
  } finally {
    server.kill();
  }
}
