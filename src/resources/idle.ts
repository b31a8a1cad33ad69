import { UserError } from "../errors.js";
import { contextProblems, idleStages, type Known, mostLoggedTalks } from "../preference/index.js";
import type { Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import type { Experience } from "./experience.js";
import { stagePlace } from "./place.js";

type Found = { pack: SituationPack } & Pick<Experience, "source" | "logs">;

/** Throws a UserError for the first stage that would change nothing. */
export function refuseIdleStages(scenario: Scenario, found: Found, scenarioPath: string): void {
  const { pack, source, logs } = found;
  const { defences } = scenario.preference;
  const rows = source
    ? rowsOf(source)
    : logs?.replies.map(({ messages, where }) => ({
        prompt: messages.slice(0, -1),
        source: { interaction: where, exchange: 0 },
      }));
  const [idle] = [
    ...contextProblems(defences, rows ? { from: "files", rows } : { from: "pack", pack }),
    ...idleStages(defences, knownOf(scenario, found)),
  ].sort((a, b) => a.index - b.index);
  if (idle) throw new UserError(`${stagePlace(scenarioPath, defences, idle)}: ${idle.message}`);
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
