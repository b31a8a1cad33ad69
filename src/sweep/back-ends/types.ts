import type { Executor } from "../types.js";

/** Where the runs of a sweep can be played beside this machine. Told to every command line, so it loads nothing by itself. */
export type BackEnd = {
  /** The option of `candor sweep` that asks for it, without dashes. */
  name: string;
  /** What comes behind the option: `[address]`, `<partition>`, or "" for nothing. */
  value: string;
  /** What the option's help says. */
  about: string;
  /**
   * Opens it with the option's value, true where none is given. `onReady` is told whenever it was reached and has jobs: until then nothing
   * is played. Whoever adds one imports its client here, not above.
   */
  open: (value: string | true, onNotice: (notice: string) => void, onReady?: () => void) => Promise<Executor>;
};
