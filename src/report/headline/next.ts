import type { Contrast } from "../../drift/index.js";
import { pointsOf } from "../../numbers.js";
import { shellWord } from "../../shell-word.js";
import type { Again } from "../source/again.js";
import type { ReportSource } from "../source/read.js";
import { termsOf } from "../terms.js";
import { sizedWords } from "./sized-words.js";

/** What to do next: the arguments of the `candor` command, and what it is for. */
export type Next = { command: string; why: string };

/** A run that failed: its id, what tells it from the others, what it said last, the log that has the rest, and what mends it. */
export type Failure = { run: string; name: string; cause: string; log: string; mend: string };

const MEND =
  "mend the cause and give the same command again, which plays what is missing; where the mend changes a file that finished runs used too, it says how to go on";

/** The runs that failed, with the last error of each. */
export function failuresOf({ failed }: ReportSource): Failure[] {
  return failed.map((one) => ({ ...one, mend: MEND }));
}

/** The commands that lead on from a result. `contrast` is the comparison that the headline tells, and `needed` what it needs. */
export function nextOf(
  { folder, kind, failed, absent, runs, again, scenario }: ReportSource,
  contrast: Contrast | null,
  needed: { effect: number; seeds: number | null } | undefined,
): Next[] {
  const open = absent.length + runs.filter(({ manifest }) => manifest.status !== "done").length;
  const more =
    kind === "sweep" && contrast && !contrast.detected && needed?.seeds && needed.seeds > contrast.seeds
      ? [
          {
            command: againWords(kind, again, `sweep.seeds=${needed.seeds}`),
            why: `about ${needed.seeds} seeds find a ${sizedWords(contrast, termsOf(scenario), pointsOf(needed.effect))} four times in five`,
          },
        ]
      : [];
  return [
    ...(failed.length > 0 || open > 0
      ? [
          {
            command: againWords(kind, again),
            why:
              failed.length > 0
                ? "tries again what failed, and plays what is left"
                : "plays what is left, where nothing plays it already",
          },
        ]
      : []),
    ...more,
    { command: `report ${shellWord(folder)}`, why: "writes the evidence as one page" },
    { command: `view ${shellWord(folder)}`, why: "shows what was said, probe by probe" },
  ];
}

/** The command that a run or sweep is gone on with, or, with another setting, begun with. */
function againWords(kind: ReportSource["kind"], again: Again | undefined, setting?: string): string {
  // A name to fill in: nothing says it.
  if (!again) return `${kind} <scenario file>${setting === undefined ? "" : ` --set ${setting}`}`;
  const field = setting?.split("=")[0];
  const { set = [], vary = [], zip = [] } = again.given;
  const kept = set.filter((one) => field === undefined || !one.startsWith(`${field}=`));
  const options = [
    ...[...kept, ...(setting === undefined ? [] : [setting])].map((one) => ["--set", one]),
    ...vary.map((one) => ["--vary", one]),
    ...zip.map((one) => ["--zip", one]),
    ...(again.out === null ? [] : [["--out", again.out]]),
  ];
  return [again.kind, again.scenario, ...options.flat()].map(shellWord).join(" ");
}
