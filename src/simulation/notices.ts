import { readingWords } from "../evaluation/index.js";
import { caveatsOf, caveatWords, type RoundSummary } from "../runs/index.js";
import type { Scenario } from "../scenario/index.js";

/** What people must know before they believe a run's numbers: what is wrong with its instrument, and what was read of its files. */
export type Notices = {
  /** Which logs the run learns from; nothing of a run that has none. */
  logs: string[];
  warnings: string[];
  readings: string[];
};

/** What of round 0 they are told from. */
export type BaseNotices = Pick<RoundSummary, "checks" | "floor" | "readings" | "logs" | "strange">;

/** The notices of a run, from its scenario and its round 0: a sentence each. */
export function noticesOf(scenario: Scenario, base: BaseNotices): Notices {
  const caveats = caveatsOf({ scenario, base });
  const isOfLogs = ({ about }: (typeof caveats)[number]) => about === "logs";
  const readings = Object.values(base.readings ?? {});
  const whole = readings.filter(({ left_out }) => left_out.length === 0);
  const short = readings.filter((one) => !whole.includes(one));
  return {
    logs: caveats.filter(isOfLogs).map(caveatWords),
    warnings: [...caveats.filter((one) => !isOfLogs(one)).map(caveatWords), ...short.map(readingWords)],
    readings: whole.map(readingWords),
  };
}
