import { Stopped } from "../errors.js";
import { converseAll, type Interaction } from "../interaction/index.js";
import type { User } from "../population/index.js";
import type { Scenario } from "../scenario/index.js";
import type { RunContext } from "./context.js";

/** Lets every user of a round talk to the assistant as the round before left it, and rate its replies. */
export async function interact(
  context: RunContext,
  round: number,
  users: readonly User[],
): Promise<readonly Interaction[]> {
  const { scenario, models, concurrency, disk, log, onEvent, signal } = context;
  const { personas, pack } = context.resources;
  const { user, rater } = models;
  if (!rater) throw new Error("users need a model to rate");
  const { exchanges, temperature, max_tokens, reward } = scenario.interaction;
  const file = disk.round(round).interactions;
  const interactions = await file.keepGrowing(
    ({ id }) => id,
    async (done, add) => {
      let held = done.size;
      return await converseAll({
        users,
        personas,
        pack,
        models: {
          assistant: await models.assistant(await disk.checkpointAfter(round - 1)),
          user,
          rater,
        },
        settings: {
          exchanges,
          temperature,
          maxTokens: max_tokens,
          reward,
          ...(scenario.interaction.rating ? { rating: scenario.interaction.rating } : {}),
          ...(scenario.interaction.feedback ? { feedback: scenario.interaction.feedback } : {}),
          ...(scenario.interaction.choosing ? { choosing: scenario.interaction.choosing } : {}),
          ...explaining(scenario.interaction),
          samplesPerTurn: scenario.preference.samples_per_turn,
        },
        seed: scenario.seed,
        round,
        concurrency,
        done,
        onInteraction: async (interaction) => {
          if (interaction.error !== null)
            log.warn(
              { round, user: interaction.id, error: interaction.error },
              "a conversation cannot be used",
            );
          await add(interaction);
          held += 1;
          onEvent({ type: "progress", round, stage: "interaction", done: held, total: users.length });
        },
        signal,
      });
    },
    users.map(({ id }) => id),
  );
  const failed = interactions.some(isRated) ? undefined : interactions[0];
  if (failed) {
    throw new Stopped(
      `round ${round}: none of the ${interactions.length} interactions can be used; ` +
        `the first: ${failed.error ?? "a rating could not be read"}. See ${file.path}; delete it to try again`,
    );
  }
  return interactions;
}

/** What users say beside their marks; nothing where they are not asked. */
function explaining({ reasons = false, edits_to: editsTo }: Scenario["interaction"]) {
  return reasons || editsTo !== undefined ? { explain: { reasons, editsTo } } : {};
}

/** Whether there is anything to go by; a user's silence is no failure. */
function isRated({ reward, raw_ratings = [], choices = [] }: Interaction): boolean {
  return [reward, ...raw_ratings, ...choices].some((given) => given !== null);
}
