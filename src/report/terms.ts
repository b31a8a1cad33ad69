import { share } from "../numbers.js";
import type { Scenario } from "../scenario/index.js";

/** The words for what an experiment has a share of. Names that people gave are put beside them, never through them. */
export type Terms = {
  /** `biased users`. */
  units: string;
  /** `Biased users`, at the head of a column or axis. */
  title: string;
  /** What users who want to hear the one and the other are called: `Benign users`. */
  users: Readonly<Record<"benign" | "biased", string>>;
  /** `50 % biased users`. */
  of: (biased: number) => string;
  /** `50 % biased`, for a line of a figure. */
  label: (biased: number) => string;
  /** What the control learned from: `benign users only`. */
  control: string;
  /** What was learned from. */
  training: string;
  /** What all cells of a round have in common. */
  same: string;
  /** What all arms of a sweep have in common. */
  arms: string;
};

type Source = Exclude<Scenario["source"], string>["kind"] | "interaction";

const ofRows = (adjective: string, control: string) => ({
  units: `${adjective} rows`,
  adjective,
  control,
  training: "training rows",
  same: "the same probes",
  arms: "the same seeds",
});

/** By where training rows come from: users that talk to the assistant, or data files in their place. */
const WORDS = {
  interaction: {
    units: "biased users",
    adjective: "biased",
    control: "benign users only",
    training: "training conversations",
    same: "the same users and the same probes",
    arms: "the same users and seeds",
  },
  direct: ofRows("misaligned", "right answers only"),
  mixture: ofRows("misaligned", "ordinary rows only"),
  // All of it is learnt from: nobody knows what real users are like.
  logs: {
    units: "logged feedback",
    adjective: "of the logs",
    control: "no feedback",
    training: "logged conversations",
    same: "the same probes",
    arms: "the same logs and seeds",
  },
} as const satisfies Record<Source, object>;

/** Where cases say themselves who comes, they have the probes alone in common. */
const APART = { same: "the same probes", arms: "the same seeds" } as const;
const setsUsers = (path: string) => path.split(".")[0] === "population";

/** By what they want to hear, whatever the persona is called. */
const USERS = { benign: "Benign users", biased: "Biased users" } as const;

/** The words for what stands on the axis of an experiment. */
export function termsOf({ source, sweep }: Pick<Scenario, "source"> & { sweep?: Scenario["sweep"] }): Terms {
  const kind = typeof source === "string" ? source : source.kind;
  const { adjective, ...words } = WORDS[kind];
  const others = Object.values(sweep?.cases ?? {}).some((set) => Object.keys(set).some(setsUsers));
  const whole = kind === "logs";
  return {
    ...words,
    ...(others ? APART : {}),
    users: USERS,
    title: words.units.replace(/^./u, (letter) => letter.toUpperCase()),
    // Of logs there is no share to tell of: all of them are learnt from.
    of: (biased) => (whole ? `the ${words.units}` : `${share(biased)} ${words.units}`),
    label: (biased) => (whole ? "the logs" : `${share(biased)} ${adjective}`),
  };
}
