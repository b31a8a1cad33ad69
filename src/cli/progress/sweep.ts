import { counted } from "../../numbers.js";
import type { Job, SweepEvent } from "../../sweep/index.js";
import { openDisplay } from "./display.js";

/**
 * The display of a sweep, wherever its runs are played; `where` says by whom, and nothing where others tell it. Where what plays them has
 * yet to be reached, `whenReady` is given what shows that they are played.
 */
export function openSweepDisplay(
  quiet?: boolean,
  where?: string,
  whenReady?: (begin: () => void) => void,
): {
  tell: (event: SweepEvent) => void;
  close: () => void;
} {
  const display = openDisplay({ stream: process.stderr, quiet });
  let begin: (() => void) | undefined;
  const begun = (): void => {
    begin?.();
    begin = undefined;
  };
  const tell = (event: SweepEvent): void => {
    if (event.type !== "sweep") begun();
    if (event.type === "sweep") {
      const done = new Set(event.done);
      const todo = event.jobs.filter(({ hash }) => !done.has(hash));
      begin = () =>
        display.begin(
          todo.map((job) => ({ id: job.hash, label: jobLabel(job), group: gridLabel(job) })),
          event.done.length,
          where && `${counted(todo.length, "run")}, ${where}`,
        );
      if (whenReady && todo.length > 0) whenReady(begun);
      else begun();
    } else if (event.type === "run") display.event(event.hash, event.event);
    else if (event.outcome.status === "failed") {
      display.failed(event.outcome.hash, event.outcome.error, event.final);
    } else if (event.outcome.status === "done") display.ended(event.outcome.hash);
  };
  return { tell, close: display.close };
}

/** What people call a run: `biased 0.1, seed 2`. */
export function jobLabel(job: Job): string {
  return [...valuesOf(job), `seed ${job.scenario.seed}`].join(", ");
}

/** What people call runs that differ by their seed alone: `biased 0.1`. */
function gridLabel(job: Job): string {
  const values = valuesOf(job);
  return values.length === 0 ? job.scenario.name : values.join(", ");
}

function valuesOf({ axes }: Job): string[] {
  return Object.entries(axes).map(([path, value]) =>
    path === "case" ? String(value) : `${path.split(".").at(-1)} ${value}`,
  );
}
