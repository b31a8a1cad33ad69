import { z } from "zod";
import { openPlain, type Within } from "./disk/index.js";
import { runPaths } from "./layout.js";

/** What a run has written about itself for people who look for a cause. */
export type LogLine = z.output<typeof lineSchema>;

const lineSchema = z.looseObject({
  level: z.number(),
  msg: z.string().optional(),
  error: z.string().optional(),
  round: z.number().optional(),
  err: z.looseObject({ message: z.string().optional() }).optional(),
});

const END = 64 * 1024;
/** Levels from which a line is a warning, or an error. */
export const LEVEL = { warning: 40, error: 50 } as const;

/** The lines in the end of a run's log that can be read; none where there is no log. */
export async function lastLogLines(folder: string, within?: Within): Promise<LogLine[]> {
  const file = await openPlain(runPaths(folder).log, within);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const length = Math.min(size, END);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    // The first line may be cut, the last one half written.
    return buffer.toString("utf8").split("\n").flatMap(lineIn);
  } finally {
    await file.close();
  }
}

function lineIn(text: string): LogLine[] {
  try {
    const { data } = lineSchema.safeParse(JSON.parse(text));
    return data ? [data] : [];
  } catch {
    return [];
  }
}
