import { meanBiasedFraction, type Persona } from "../population/index.js";
import {
  type LogSettings,
  type Logs,
  type SourceRows,
  type SourceSettings,
  studiedShare,
} from "../preference/index.js";
import { type Scenario, sourceKind } from "../scenario/index.js";
import type { Asking } from "./asking.js";
import { loadLogs, loadSource } from "./data.js";

/** What the assistant learns from. */
export type Experience = {
  /** Rows in place of users; null where users make them. */
  source: SourceRows | null;
  /** Feedback of real users in their place; null where a scenario has none. */
  logs: Logs | null;
  /** Share of biased users, or of the rows that the experiment is about, that the scenario asks for; in [0, 1]. */
  biased: number;
};

export async function loadExperience(
  { scenario, scenarioPath, take }: Asking,
  personas: Readonly<Record<string, Persona>>,
): Promise<Experience> {
  const { source, population, training, rounds } = scenario;
  if (source === "interaction")
    return { source: null, logs: null, biased: meanBiasedFraction(population.personas, personas, rounds) };
  const biased = studiedShare(source);
  if (isLogs(source))
    return { source: null, logs: await take(loadLogs, logFiles(source), scenarioPath), biased };
  const { method } = training;
  return {
    source: await take(loadSource, sourceFiles(source), { scenarioPath, method }),
    logs: null,
    biased,
  };
}

type Source = Scenario["source"];

const isLogs = (source: Source): source is LogSettings => sourceKind(source).name === "logs";

/** How many of them a round takes changes nothing in what is read. */
function logFiles({ per_round: _perRound, ...files }: LogSettings): LogSettings {
  return files;
}

/** How many rows a round takes of the files, and which share, changes nothing in what is read. */
function sourceFiles(source: SourceSettings): typeof source {
  const { rows: _rows, ...files } = source;
  return files.kind === "mixture" ? { ...files, share: 0 } : files;
}
