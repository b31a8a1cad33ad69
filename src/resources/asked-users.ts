import { CHOICE_LANGUAGE } from "../interaction/index.js";
import { refusal, type Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";

/** Throws a UserError where users are to be asked what only packs in English have words for. */
export function refuseForeignQuestions(
  { interaction, situations }: Scenario,
  { language }: Pick<SituationPack, "language">,
  scenarioPath: string,
): void {
  if (language === CHOICE_LANGUAGE) return;
  const asked = {
    choosing: interaction.choosing === "asked" ? "use choosing: marks" : null,
    reasons: interaction.reasons ? "leave it out" : null,
    edits_to: interaction.edits_to === undefined ? null : "leave it out",
  };
  const [found] = Object.entries(asked).filter(([, advice]) => advice !== null);
  if (!found) return;
  const [field, advice] = found;
  throw refusal(
    { scenarioPath, field: ["interaction", field!] },
    `users are asked in English, and situations: ${situations} is ${language === undefined ? "of a language that its pack does not name" : `written in ${language}`}; ${advice}`,
  );
}
