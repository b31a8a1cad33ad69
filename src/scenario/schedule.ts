/** Persona name to its fraction in [0, 1]; at most one may be `rest`. */
export type Fractions = Readonly<Record<string, number | "rest">>;

/** A persona's fraction over rounds, which count from 1. All fractions are in [0, 1]. */
export type Schedule =
  | number
  | "rest"
  /** One value a round; the last one holds for all further rounds. */
  | readonly number[]
  /** `from` up to round `start`, then in a straight line to `to` in round `end` and after. */
  | { kind: "ramp"; from: number; to: number; start: number; end: number }
  /** `from` before round `start`, `to` from then on. */
  | { kind: "step"; from: number; to: number; start: number }
  /** `to` from round `start` to round `end`, `from` before and after. */
  | { kind: "pulse"; from: number; to: number; start: number; end: number };

export type Schedules = Readonly<Record<string, Schedule>>;

/** The fraction a schedule gives a round. A round's value does not depend on how many rounds there are. */
export function fractionAt(schedule: Schedule, round: number): number | "rest" {
  if (typeof schedule !== "object") return schedule;
  if (isList(schedule)) return schedule[Math.min(round, schedule.length) - 1]!;
  const { from, to, start } = schedule;
  switch (schedule.kind) {
    case "step":
      return round < start ? from : to;
    case "pulse":
      return round >= start && round <= schedule.end ? to : from;
    case "ramp": {
      if (round >= schedule.end) return to;
      if (round <= start) return from;
      return tidy(from + ((to - from) * (round - start)) / (schedule.end - start));
    }
  }
}

/** Every persona's fraction in a round, in the order in which they are declared. */
export function fractionsAt(schedules: Schedules, round: number): Fractions {
  return Object.fromEntries(
    Object.entries(schedules).map(([name, schedule]) => [name, fractionAt(schedule, round)]),
  );
}

/** Twelve digits: what was written as 0.3 must not come out as 0.30000000000000004. */
export function tidy(fraction: number): number {
  return Number(fraction.toFixed(12));
}

function isList(schedule: object): schedule is readonly number[] {
  return Array.isArray(schedule);
}
