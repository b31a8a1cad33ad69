import { openTraffic, resolveChatModel, type Traffic } from "../src/chat/index.js";
import { converseAll } from "../src/interaction/index.js";
import { bareLoop } from "./parts/bare-loop.js";
import { firstLine, startPart } from "./parts/start.js";
import { CALLS_A_TALK, talksOf } from "./parts/talks.js";

const LATENCY = 50;
const SLOTS = 64;
const TALKS = Number(process.env.TALKS ?? 2_560);

/** How far things have come at a moment. */
type Mark = { at: number; calls: number; cpu: NodeJS.CpuUsage };
/** Milliseconds from mark to mark. */
const EVERY = 20;

/**
 * Talks against a server (a process of its own) that takes 50 ms for each call and has 64 slots, beside the ideal: all slots
 * busy from the first moment to the last. Every call goes the whole way: prompts, gate, HTTP, token counts. The second row is what
 * lies between the first and the last tenth of the calls, without the start and the last talks. The last row is as many requests in a
 * bare loop: timers that fire late and the way to the server keep it from the ideal too.
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
    const calls = TALKS * CALLS_A_TALK;
    const marks: Mark[] = [];
    const mark = () =>
      marks.push({ at: performance.now(), calls: callsOf(traffic), cpu: process.cpuUsage() });
    mark();
    const watch = setInterval(mark, EVERY);
    const talks = await converseAll({ ...request, models, concurrency: 2 * SLOTS });
    clearInterval(watch);
    mark();
    const failed = talks.filter(({ error }) => error !== null);
    if (failed.length > 0) throw new Error(`${failed.length} talks failed: ${failed[0]!.error}`);
    const middle = marks.filter((one) => one.calls >= 0.1 * calls && one.calls <= 0.9 * calls);
    const seconds = await bareLoop(`${base_url}/chat/completions`, SLOTS, calls);
    return {
      name: `${calls} calls to a server of ${LATENCY} ms and ${SLOTS} slots`,
      rows: [
        row("all", marks),
        row("without the first and the last tenth", middle),
        { what: "a bare loop, nothing of candor", ...rate(calls, seconds) },
      ],
    };
  } finally {
    server.kill();
  }
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
