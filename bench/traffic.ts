import { converseAll } from "../src/interaction/index.js";
import { MAX_CALLS, openTraffic, resolveChatModel, type Traffic } from "../src/models/index.js";
import { bareLoop } from "./parts/bare-loop.js";
import { firstLine, startPart } from "./parts/start.js";
import { CALLS_A_TALK, talksOf } from "./parts/talks.mjs";

const LATENCY = 50;
const SLOTS = 64;
const TALKS = Number(process.env.TALKS ?? 2_560);
const CALLS = TALKS * CALLS_A_TALK;

/** How far things have come at a moment. */
type Mark = { at: number; calls: number; cpu: NodeJS.CpuUsage };
/** Milliseconds from mark to mark. */
const EVERY = 20;

/**
 * Talks against a server (a process of its own) that takes 50 ms for each call and has 64 slots, beside the ideal: all slots
 * busy from the first moment to the last. Every call goes the whole way: prompts, limits, HTTP, token counts. The scenario says
 * nothing of how many calls the server takes. The second row is what lies between the first and the last tenth of the calls, without
 * the start and the last talks. The next two are a server that refuses what is more than its slots instead of keeping it in a queue;
 * for each call that it refuses it is asked again after a pause. The last row is as many requests in a bare loop, one for each slot:
 * timers that fire late and the way to the server keep it from the ideal too.
 */
export default async function bench() {
  const rows = [];
  let seconds = Number.NaN;
  for (const full of ["queue", "refuse"] as const) {
    const server = startPart("slow-server.ts", [], {
      LATENCY: String(LATENCY),
      SLOTS: String(SLOTS),
      FULL: full,
    });
    try {
      const base_url = await firstLine(server);
      const marks = await talkWith(base_url);
      const what = full === "queue" ? "a server with a queue" : "one that refuses";
      const middle = marks.filter(({ calls }) => calls >= 0.1 * CALLS && calls <= 0.9 * CALLS);
      rows.push(row(what, marks), row("… without the first and the last tenth", middle));
      if (full === "queue") seconds = await bareLoop(`${base_url}/chat/completions`, SLOTS, CALLS);
    } finally {
      server.kill();
    }
  }
  return {
    name: `${CALLS} calls to servers of ${LATENCY} ms and ${SLOTS} slots`,
    rows: [...rows, { what: "a bare loop, nothing of candor", ...rate(CALLS, seconds) }],
  };
}

/** How a round of talks comes on. */
async function talkWith(base_url: string): Promise<Mark[]> {
  const traffic = openTraffic();
  const model = await resolveChatModel({ model: "openai:slow", base_url }, { traffic });
  const models = { assistant: model, user: model, rater: model };
  const request = await talksOf(TALKS);
  const marks: Mark[] = [];
  const mark = () => marks.push({ at: performance.now(), calls: callsOf(traffic), cpu: process.cpuUsage() });
  mark();
  const watch = setInterval(mark, EVERY);
  // As many at once as a run has with one such model.
  const talks = await converseAll({ ...request, models, concurrency: 2 * MAX_CALLS });
  clearInterval(watch);
  mark();
  const failed = talks.filter(({ error }) => error !== null);
  if (failed.length > 0) throw new Error(`${failed.length} talks failed: ${failed[0]!.error}`);
  return marks;
}

function callsOf(traffic: Traffic): number {
  const usages = Object.values(traffic.usage()).flatMap((models) => Object.values(models));
  return usages.reduce((sum, { calls }) => sum + calls, 0);
}

function row(what: string, marks: readonly Mark[]) {
  const [first, last] = [marks[0]!, marks.at(-1)!];
  const seconds = (last.at - first.at) / 1_000;
  const calls = last.calls - first.calls;
  const used = last.cpu.user + last.cpu.system - first.cpu.user - first.cpu.system;
  return { what, ...rate(calls, seconds), "processor ms a call": used / 1_000 / calls };
}

function rate(calls: number, seconds: number) {
  return {
    seconds,
    "calls/s": Math.round(calls / seconds),
    "of the ideal": `${((100 * calls * LATENCY) / 1_000 / seconds / SLOTS).toFixed(1)} %`,
  };
}
