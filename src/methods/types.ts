/** What a row of training data holds: one reply, one reply that is to be given or not, or a better and a worse reply. */
export type RowKind = "reply" | "labelled" | "pair";

/** Settings that not every method reads, under TRL's names. */
type MethodSetting = "beta" | "desirable_weight" | "undesirable_weight" | "loss_type";

/** A way to learn from preference data, as data: what it asks of the rows and of the settings. */
export type Method = {
  /** As scenarios and TRL's command line have it. */
  name: string;
  /** What it does, as the end of a sentence that begins with its name. */
  about: string;
  rows: RowKind;
  /** Whose replies it learns from: those of the best conversations, of the worst as well, or of all. */
  from: "best" | "best and worst" | "all";
  /** What of the settings it reads beyond those that all methods read. */
  settings: readonly MethodSetting[];
  /** What it cannot do with these settings, by field. */
  problems?: (settings: Readonly<Record<string, unknown>>) => { field: string; message: string }[];
  /** The work that it is taken from; none of what everybody does. */
  reference?: { key: string; title: string; author: string; year: number; eprint: string };
};
