import { pino } from "pino";

/** What a run writes about itself for people who look for a cause; everything with a time stamp stands here. */
export type Log = pino.Logger;

/** Opens `run.log` for appending. Written at once, so that a kill loses no line that came before it. */
export function openLog(path: string): Log {
  return pino({ base: { pid: process.pid } }, pino.destination({ dest: path, sync: true, append: true }));
}
