import type { Permissions } from "../permissions/index.js";
import { languageOf, type Resources } from "../resources/index.js";
import { rolesAsked, type Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import { strangeWords } from "./minnow-words.js";

/** The embedded model's language, as packs and providers name it. */
const MINNOW = "minnow";

/** Says which words of a pack in minnow's language it does not know; empty where it knows all, or the pack is for other models. */
export function strangeInPack(
  { situations, language }: Pick<SituationPack, "situations" | "language">,
  of?: string,
): string {
  if (language !== MINNOW) return "";
  const said = situations.flatMap(({ benign, biased, users }) => [
    ...[benign, biased],
    ...users.flatMap(({ background, openings }) => [background, ...Object.values(openings).flat()]),
  ]);
  return strangeWords(said, of);
}

/** What is looked at of logs: thousands of conversations say nothing new. */
const REPLIES = 2_000;

/** Says which words minnow does not know of what a scenario reads besides its probes: its pack, or the logs that are to be learnt from. */
export async function strangeInScenario(
  scenario: Scenario,
  { pack, logs }: Pick<Resources, "pack" | "logs">,
  permissions: Permissions,
): Promise<string[]> {
  const found: string[] = [];
  if (rolesAsked(scenario).includes("user"))
    found.push(strangeInPack(pack, `the pack ${scenario.situations}`));
  if (logs !== null && (await languageOf(scenario.models.assistant, permissions)) === MINNOW) {
    const texts = logs.replies
      .slice(0, REPLIES)
      .flatMap(({ messages }) => messages.map(({ content }) => content));
    found.push(strangeWords(texts, "the logs"));
  }
  return found.filter((one) => one !== "");
}
