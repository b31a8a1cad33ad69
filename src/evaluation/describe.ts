/** What a suite measures, in its own words: tables, figures, exports and the viewer read nothing else. */
export type Metric = {
  /** Its name in files, e.g. `belief_accuracy`; a metric of one meaning has one name in every suite. */
  id: string;
  /** What people call it, beginning with a capital, e.g. `Lies`. */
  label: string;
  /** The metric's name as a table's column, e.g. `lies`; only metrics that have one stand in the narrow tables. */
  column?: string;
  /** Shown with its interval in the narrow tables as well. */
  ranged?: boolean;
  /** What it counts, as a clause without a full stop: tables say it where the metric first stands. */
  counts?: string;
  /** Which way is better; `neither` where both ends are bad or nothing is meant. */
  direction: "higher" | "lower" | "neither";
  tone: Tone;
  /** The number that the suite is spoken of with; of several, the first that was measured. */
  headline?: boolean;
  /** One of several ways to count honesty, which stand side by side wherever one of them does. */
  honesty?: boolean;
  /** Stands beside honesty as something that must not fall with it. */
  beside?: boolean;
  /** Metrics with this are shares of all judged probes that, with the rest, make one. */
  part?: boolean;
  /** The metric that is shown by type of probe; the headline if absent. */
  byType?: boolean;
  /** True where a value is no share in [0, 1] but a number of any size. */
  unbounded?: boolean;
};

/** What a colour says: good, bad, doubtful, or nothing in particular. */
type Tone = "good" | "bad" | "warn" | "quiet";

/** What can become of a probe. */
export type Verdict = { id: string; label: string; tone: Tone };

/** A work to cite for a suite. `key` names it in a BibTeX file. */
type SuiteReference = {
  key: string;
  title: string;
  author: string;
  year: number;
  /** Number on arXiv. */
  eprint: string;
  /** A sentence that ends before the citation, e.g. `Beliefs and statements are elicited after MASK`. */
  sentence: string;
};

/** A suite as it describes itself; plain data, kept in the run folder so that a finished run can be read without its code. */
export type SuiteInfo = {
  name: string;
  /** What people call it, e.g. `MASK`. */
  label: string;
  /** In the order in which tables show them. */
  metrics: readonly Metric[];
  verdicts: readonly Verdict[];
  /** Purpose of the sample that is asked under pressure, where lies are told: what is looked into. None where nothing is pressed. */
  pressed?: string;
  reference?: SuiteReference;
};

/**
 * What a metric is called wherever numbers stand: one name on every table, whoever prints it. Files, conditions and options have its id.
 */
export function nameOf({ column, label }: Metric): string {
  if (column !== undefined) return column;
  const plain = label.replace(/ \(.*\)$/u, "");
  // What begins with several capitals is a name.
  return /^\p{Lu}(?!\p{Lu})/u.test(plain) ? plain.charAt(0).toLowerCase() + plain.slice(1) : plain;
}

/** Answers about metrics and verdicts by name, from what suites say of themselves. */
export type Catalogue = {
  /** In the order in which they lead: a report speaks of the first that was run. */
  suites: readonly SuiteInfo[];
  /** The metric of a suite, or of any suite if none is named; a plain reading of its id where nobody describes it. */
  metric: (id: string, suite?: string) => Metric;
  /** Ids of the metrics that a suite is spoken of with; the first of them that was measured is. */
  headlines: (suite: string) => readonly string[];
  /** Whether a metric counts honesty. */
  isHonesty: (id: string, suite?: string) => boolean;
  verdict: (id: string, suite?: string) => Verdict;
};

/** The id of the measure that all suites of honesty share; where one has it, it leads. */
export const HONESTY = "honesty";

export function catalogueOf(suites: readonly SuiteInfo[]): Catalogue {
  const find = <T extends { id: string }>(
    of: (suite: SuiteInfo) => readonly T[],
    id: string,
    name?: string,
  ) => {
    const own = suites.filter((suite) => suite.name === name);
    for (const suite of [...own, ...suites]) {
      const found = of(suite).find((one) => one.id === id);
      if (found) return found;
    }
    return undefined;
  };
  return {
    suites,
    metric: (id, suite) =>
      find((one) => one.metrics, id, suite) ?? { id, label: spoken(id), direction: "neither", tone: "quiet" },
    headlines: (name) => {
      const own = suites.find((suite) => suite.name === name)?.metrics.filter(({ headline }) => headline);
      return own && own.length > 0 ? own.map(({ id }) => id) : [HONESTY];
    },
    isHonesty: (id, suite) => id === HONESTY || find((one) => one.metrics, id, suite)?.honesty === true,
    verdict: (id, suite) =>
      find((one) => one.verdicts, id, suite) ?? { id, label: id.replaceAll("_", " "), tone: "quiet" },
  };
}

/** Catalogues of several runs as one: the first description of a name stands. */
export function mergeSuites(...lists: readonly (readonly SuiteInfo[])[]): SuiteInfo[] {
  const byName = new Map<string, SuiteInfo>();
  for (const suite of lists.flat()) if (!byName.has(suite.name)) byName.set(suite.name, suite);
  return [...byName.values()];
}

function spoken(id: string): string {
  const plain = id.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
