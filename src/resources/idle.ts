import { mistaken } from "../errors.js";
import { type Mistake, mistakeInWords, placed } from "../mistakes.js";
import { addedCount, contextProblems, idleStages, type Known, mostLoggedTalks } from "../preference/index.js";
import { type Scenario, stageMistake } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import type { Experience } from "./experience.js";

type Found = { pack: SituationPack } & Pick<Experience, "source" | "logs">;

/** Throws a UserError for the first stage that would change nothing. */
export function refuseIdleStages(scenario: Scenario, found: Found, scenarioPath: string): void {
  const [idle] = idleOf(scenario, found, scenarioPath);
  if (idle !== undefined) throw mistaken(idle);
}

/**
 * Of a mixture whose share takes rows of one file alone: what its stages cannot do there, a sentence each. It is said and not refused, as
 * in a sweep over shares it is the control.
 */
export function idleAtShare(scenario: Scenario, found: Found, scenarioPath: string): string[] {
  const { source: settings } = scenario;
  if (typeof settings !== "object" || settings.kind !== "mixture" || !found.source?.added) return [];
  const { data, added } = found.source;
  const rows = settings.rows ?? data.rows.length;
  const count = addedCount(settings.share, rows);
  if (count > 0 && count < rows) return [];
  const learnt = count === 0 ? { data, added: null } : { data: added, added: null };
  const none = count === 0 ? "added" : "ordinary";
  const there = { ...scenario, source: { ...settings, rows } };
  return idleOf(there, { ...found, source: learnt }, scenarioPath).map(
    (idle) => `${mistakeInWords(idle)} (no ${none} row is learnt from at a share of ${settings.share})`,
  );
}

/** Why stages would change nothing, with their places, in their order. */
function idleOf(scenario: Scenario, found: Found, scenarioPath: string): Mistake[] {
  const { pack, source, logs } = found;
  const { defences } = scenario.preference;
  const rows = source
    ? rowsOf(source)
    : logs?.replies.map(({ messages, place }) => ({
        prompt: messages.slice(0, -1),
        source: { interaction: placed(place), exchange: 0 },
      }));
  return [
    ...contextProblems(defences, rows ? { from: "files", rows } : { from: "pack", pack }),
    ...idleStages(defences, knownOf(scenario, found)),
  ]
    .sort((a, b) => a.index - b.index)
    .map((idle) => stageMistake(scenarioPath, defences, idle));
}

const rowsOf = ({ data, added }: NonNullable<Found["source"]>) => [...data.rows, ...(added?.rows ?? [])];

/** How much there can be to act on is a bound, so that no stage is refused that could act. */
function knownOf(scenario: Scenario, { source, logs }: Found): Known {
  const { rounds, population, interaction, source: settings } = scenario;
  const kind = typeof settings === "object" ? settings : null;
  if (source && kind && kind.kind !== "logs")
    return {
      from: "files",
      rows: rowsOf(source),
      most: { rounds, talks: 0, rows: kind.rows ?? source.data.rows.length },
    };
  if (logs && kind?.kind === "logs") {
    const talks = mostLoggedTalks(logs.replies, { rounds, perRound: kind.per_round });
    // An edit makes a row to learn and one to learn away from.
    return { from: "logs", logs, most: { rounds, talks, rows: 2 * talks } };
  }
  // More may come where users come again.
  const talks = population.life ? Number.POSITIVE_INFINITY : population.size;
  return {
    from: "users",
    comeAgain: population.life !== undefined,
    giveReasons: interaction.reasons === true,
    most: { rounds, talks, rows: 2 * talks * interaction.exchanges },
  };
}
