import { createLogUpdate } from "log-update";
import pc from "picocolors";
import { typed } from "../../called.js";
import { counted } from "../../numbers.js";
import type { RunEvent } from "../../simulation/index.js";
import { harmless } from "../say.js";
import { type Curve, honestyChart } from "./chart.js";
import { bar, duration, percent, runLine, spentWords } from "./lines.js";
import { advance, lastHonesty, newRunView, type RunView } from "./view.js";

/** Shows people how several runs come along. */
export type Display = {
  /**
   * The runs to be played, with what to call them and those that differ by their seed alone; `done` are finished already. `what`
   * says it all to those who see no bars: `3 runs, 2 at a time`; a run by itself is told when it starts.
   */
  begin: (runs: readonly ShownRun[], done: number, what?: string) => void;
  event: (id: string, event: RunEvent) => void;
  ended: (id: string) => void;
  /** A run failed, for good or to be tried again. */
  failed: (id: string, problem: string, final: boolean) => void;
  /** Takes the live part off the screen. */
  close: () => void;
};

type ShownRun = { id: string; label: string; group?: string };

export type DisplayOptions = {
  stream: NodeJS.WriteStream;
  quiet?: boolean;
  /** Milliseconds; a clock of one's own makes the display testable. */
  now?: () => number;
};

/** Live lines on a terminal, else a line for every round of a single run or every run of several. */
export function openDisplay({
  stream,
  quiet = false,
  now = () => performance.now(),
}: DisplayOptions): Display {
  if (quiet) return { begin: () => {}, event: () => {}, ended: () => {}, failed: () => {}, close: () => {} };
  return stream.isTTY ? liveDisplay(stream, now) : plainDisplay(stream, now);
}

function liveDisplay(stream: NodeJS.WriteStream, now: () => number): Display {
  const update = createLogUpdate(stream, { showCursor: true });
  const views = new Map<string, RunView>();
  const over = new Map<string, RunView>();
  const isNew = onlyOnce();
  const labels = new Map<string, string>();
  const groups = new Map<string, string>();
  let start = 0;
  let total = 0;
  let before = 0;
  let ended = 0;
  let drawn = Number.NEGATIVE_INFINITY;

  const draw = (force: boolean): void => {
    if (total === 0 || (!force && now() - drawn < 80)) return;
    drawn = now();
    const active = [...views.values()];
    const spent = spentWords([...over.values(), ...active].map((view) => view.spent));
    const head = headLine({ total, before, ended, seconds: (now() - start) / 1000, active, spent });
    const width = Math.max(0, ...active.map(({ label }) => label.length));
    const lines = [head, ...active.map((view) => runLine(view, width))];
    const room = (stream.rows ?? 24) - lines.length - 2;
    const curves = curvesOf(groups, [...over, ...views]);
    update([...lines, ...honestyChart(curves, room)].map(harmless).join("\n"));
  };
  const leave = (id: string): void => {
    const view = views.get(id);
    if (view) over.set(id, view);
    views.delete(id);
  };
  // Time passes also while a model is busy and tells nothing.
  const timer = setInterval(() => draw(true), 1000);
  timer.unref();

  return {
    begin: (runs, done) => {
      start = now();
      total = runs.length + done;
      before = done;
      for (const { id, label, group } of runs) {
        labels.set(id, label);
        groups.set(id, group ?? label);
      }
      draw(true);
    },
    event: (id, event) => {
      if (event.type === "notice" && isNew(event.text)) {
        update.clear();
        stream.write(harmless(`${pc.yellow("note")}  ${typed(event.text)}\n`));
      }
      views.set(id, advance(views.get(id) ?? newRunView(labels.get(id) ?? id), event, now()));
      draw(false);
    },
    ended: (id) => {
      leave(id);
      ended += 1;
      draw(true);
    },
    failed: (id, problem, final) => {
      leave(id);
      if (final) ended += 1;
      update.clear();
      stream.write(harmless(`${pc.red("failed")}  ${failure(labels.get(id) ?? id, problem, final)}\n`));
      draw(true);
    },
    close: () => {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

type Tally = {
  /** Runs in all, of which so many were done before and so many have ended since. */
  total: number;
  before: number;
  ended: number;
  seconds: number;
  active: readonly RunView[];
  spent: string;
};

/** The line above all runs: how many are done, how long it took, and what is left. */
function headLine({ total, before, ended, seconds, active, spent }: Tally): string {
  const played = ended + active.reduce((sum, { share }) => sum + share, 0);
  const todo = total - before;
  const share = todo === 0 ? 1 : played / todo;
  const left = share > 0.02 && share < 1 ? `, about ${duration((seconds * (1 - share)) / share)} left` : "";
  const counter = total > 1 ? `${before + ended} of ${total} runs  ` : "";
  return `${pc.bold("candor")}  ${counter}${bar(share, 24)}  ${duration(seconds)}${left}${spent === "" ? "" : `, ${spent}`}`;
}

/** Runs by the name of those that differ by their seed alone, in the order of the grid, not of who was first. */
function curvesOf(
  groups: ReadonlyMap<string, string>,
  all: readonly (readonly [string, RunView])[],
): Curve[] {
  const curves = new Map<string, RunView[]>();
  for (const [id, label] of groups) if (all.some(([one]) => one === id)) curves.set(label, []);
  for (const [id, view] of all) curves.get(groups.get(id) ?? "")?.push(view);
  return [...curves].map(([label, own]) => ({ label, views: own }));
}

function plainDisplay(stream: NodeJS.WriteStream, now: () => number): Display {
  const views = new Map<string, RunView>();
  const isNew = onlyOnce();
  const labels = new Map<string, string>();
  let start = 0;
  let total = 0;
  let count = 0;
  /** Whether there is one run, of which nothing else says that it is played. */
  let alone = false;
  const line = (text: string): void =>
    void stream.write(harmless(`[${duration((now() - start) / 1000)}] ${text}\n`));
  return {
    begin: (runs, done, what) => {
      start = now();
      total = runs.length + done;
      count = done;
      alone = what === undefined && total === 1;
      for (const { id, label } of runs) labels.set(id, label);
      if (done > 0) line(`${done} of ${total} runs are done already`);
      if (what !== undefined && runs.length > 0) line(`playing ${what}`);
    },
    event: (id, event) => {
      const view = advance(views.get(id) ?? newRunView(labels.get(id) ?? id), event, now());
      views.set(id, view);
      if (event.type === "start" && alone)
        line(
          `${event.resumed ? "going on with" : "playing"} ${view.label}, ${counted(event.rounds, "round")}`,
        );
      if (event.type === "notice" && isNew(event.text)) line(`note: ${typed(event.text)}`);
      if (total === 1 && event.type === "round")
        line(`round ${view.round} of ${view.rounds}${honestyOf(view)}${spentOf([view])}`);
    },
    ended: (id) => {
      count += 1;
      const view = views.get(id);
      if (total > 1)
        line(
          `${count} of ${total}: ${labels.get(id) ?? id} done${view ? honestyOf(view) : ""}${spentOf([...views.values()])}`,
        );
    },
    failed: (id, problem, final) => {
      if (final) count += 1;
      line(`failed: ${failure(labels.get(id) ?? id, problem, final)}`);
    },
    close: () => {},
  };
}

/** Runs of a sweep share what there is to note: whether a text has not been seen. */
function onlyOnce(): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => !seen.has(text) && seen.add(text).has(text);
}

function failure(label: string, problem: string, final: boolean): string {
  return `${label}: ${problem}${final ? "" : " (will be tried again)"}`;
}

function honestyOf(view: RunView): string {
  const honesty = lastHonesty(view);
  return honesty === null ? "" : `, honesty ${percent(honesty)}`;
}

function spentOf(views: readonly RunView[]): string {
  const spent = spentWords(views.map((view) => view.spent));
  return spent === "" ? "" : `, ${spent} so far`;
}
