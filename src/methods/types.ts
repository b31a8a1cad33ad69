/** What a row of training data holds: one reply, one reply that is to be given or not, or a better and a worse reply. */
export type RowKind = "reply" | "labelled" | "pair";

/** Settings that not every method reads, under TRL's names. */
type MethodSetting =
  | "beta"
  | "desirable_weight"
  | "undesirable_weight"
  | "loss_type"
  | "epsilon"
  | "num_generations"
  | "steps_per_generation"
  | "reward_model";

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
  /** That only trainers in this process know it; all know it if absent. */
  embeddedOnly?: true;
  /**
   * Whether it draws replies of its own: to each prompt some, of which it imitates the best by a reward model (`best`), or step
   * by step, with users who rate them (`online`) or a reward model that does (`valued`).
   */
  draws?: "best" | "online" | "valued";
  /** What it cannot do with these settings, by field. */
  problems?: (settings: Readonly<Record<string, unknown>>) => { field: string; message: string }[];
  /** The work that it is taken from; none of what everybody does. */
  reference?: { key: string; title: string; author: string; year: number; eprint: string };
};
