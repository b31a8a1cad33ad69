import { UserError } from "../../errors.js";
import { requireOnce } from "../../once.js";
import { example, type RegisterCommand } from "../command.js";
import { collect } from "../parsers.js";
import type { Preview } from "../results/population.js";
import { say } from "../say.js";
import { loadGiven } from "../scenario-file.js";

export const registerPopulation: RegisterCommand = (program, { permissions }) => {
  const population = program
    .command("population")
    .description("look at a scenario's users")
    .addHelpText("after", example("candor population preview scenarios/schedules.yaml"));
  population
    .command("preview")
    .description("who is there in each round, drawn as a run would, before any model is called")
    .argument("<scenario>", "scenario file")
    .option("--set <field=value>", "override a field; may be repeated", collect)
    .option(
      "--rating <persona=n>",
      "where users come again: how they are supposed to like the assistant; may be repeated",
      collect,
    )
    .option("--json", "print the rounds as JSON")
    .addHelpText(
      "after",
      example("candor population preview scenarios/schedules.yaml --set population.size=60"),
    )
    .action(async (file, { set, rating: given = [], json }) => {
      const { expandSweep } = await import("../../scenario/index.js");
      const { loadGrid } = await import("../../sweep/index.js");
      const { previewPopulation } = await import("../../population/index.js");
      const { loadOnce, packOf, personasOf } = await import("../../resources/index.js");
      const { previewTable } = await import("../results/population.js");
      const { scenario, path } = await loadGiven(file, () => loadGrid(file, { set }, permissions()));
      const rating = ratingsOf(given);
      await refuseStrangers(rating, Object.keys(scenario.population.personas));
      const load = loadOnce();
      const asking: Parameters<typeof packOf>[1] = {
        scenarioPath: path,
        take: async (loader, ...args) => (await load(loader, ...args)).value,
      };
      const previews: Preview[] = [];
      for (const { axes, scenario: cell } of populationsOf(expandSweep(scenario))) {
        const personas = await personasOf(cell, asking);
        const pack = await packOf(cell, asking);
        const rounds = previewPopulation({ scenario: cell, personas, pack, ratings: rating });
        previews.push({ axes, seed: cell.seed, rounds });
      }
      say(json ? `${JSON.stringify(previews, null, 2)}\n` : previewTable(previews));
    });
};

/** `persona=n`, as it was given. Throws a UserError on what is none. */
function ratingsOf(given: readonly string[]): Record<string, number> {
  const ratings = given.map((text) => {
    const [name, value] = text.split("=");
    const rating = Number(value);
    if (!name || value === undefined || value.trim() === "" || !Number.isFinite(rating))
      throw new UserError(`--rating ${text}: expected persona=number, e.g. benign=7`);
    return { option: `--rating ${text}`, of: name, rating };
  });
  requireOnce(ratings);
  return Object.fromEntries(ratings.map(({ of, rating }) => [of, rating]));
}

async function refuseStrangers(ratings: Record<string, number>, personas: readonly string[]): Promise<void> {
  const { didYouMean } = await import("../../yaml/index.js");
  for (const name of Object.keys(ratings)) {
    if (!personas.includes(name))
      throw new UserError(`--rating ${name}=…: unknown persona "${name}"${didYouMean(name, personas)}`);
  }
}

type PreviewCell = {
  axes: Record<string, unknown>;
  seed: number;
  scenario: { population: unknown; rounds: number; situations: string };
};

/** The cells whose populations differ, each with its first seed; axes that do not touch the users are left out. */
function populationsOf<T extends PreviewCell>(cells: readonly T[]): T[] {
  const distinct = new Map<string, T>();
  for (const cell of cells) {
    const { population, rounds, situations } = cell.scenario;
    const key = JSON.stringify([population, rounds, situations]);
    if (!distinct.has(key)) distinct.set(key, cell);
  }
  return [...distinct.values()];
}
