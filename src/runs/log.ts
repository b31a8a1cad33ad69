import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { pino } from "pino";
import { appendSync } from "../whole/index.js";

/** What a run writes about itself for people who look for a cause; everything with a time stamp stands here. */
export type Log = pino.Logger;

/**
 * Opens `run.log` for appending. Written at once, so that a kill loses no line that came before it. A line that cannot be written is
 * an error that names the file.
 */
export function openLog(path: string): Log {
  let start = endsTorn(path) ? "\n" : "";
  const write = (line: string): void => {
    appendSync(path, start + line);
    start = "";
  };
  return pino({ base: { pid: process.pid } }, { write });
}

/** Whether a file ends within a line, as a kill leaves it: what is appended would be part of that line. */
function endsTorn(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // Why, if it is more than that there is none, is told by the first line.
    return false;
  }
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
  } finally {
    closeSync(file);
  }
}
