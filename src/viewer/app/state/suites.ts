import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { SuiteInfo } from "../../../evaluation/index.js";

/** What the suites of the run that is shown say of themselves. */
export const SuitesContext = createContext<readonly SuiteInfo[]>([]);

type Tone = SuiteInfo["metrics"][number]["tone"];

/** A verdict as people see it: its words, a letter that no other verdict of its suite has, and how it looks. */
export type Verdict = { label: string; letter: string; tone: Tone };

/** How to show the verdicts of a run; those that no suite describes are shown as they stand. */
export function useVerdicts(): (id: string, suite?: string) => Verdict {
  const suites = useContext(SuitesContext);
  return (id, suite) => verdictOf(suites, id, suite);
}

/** A verdict of a suite, or of any suite where none is named. */
export function verdictOf(suites: readonly SuiteInfo[], id: string, suite?: string): Verdict {
  const own = suites.filter(({ name }) => name === suite);
  for (const { verdicts } of [...own, ...suites]) {
    const found = verdicts.find((verdict) => verdict.id === id);
    if (found) return { label: found.label, tone: found.tone, letter: lettersOf(verdicts).get(id)! };
  }
  const label = id.replaceAll("_", " ");
  return { label, letter: label.charAt(0).toUpperCase(), tone: "quiet" };
}

/** The first letter of each verdict's label that those before it have left; `!` for what went wrong. */
function lettersOf(verdicts: SuiteInfo["verdicts"]): Map<string, string> {
  const letters = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, label } of verdicts) {
    const free = [...label.toUpperCase()].find((letter) => letter !== " " && !taken.has(letter));
    const letter = id === "error" ? "!" : (free ?? "·");
    taken.add(letter);
    letters.set(id, letter);
  }
  return letters;
}
