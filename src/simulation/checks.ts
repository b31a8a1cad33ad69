import { checkJudge, type JudgeCheck, judgeWarning } from "../evaluation/index.js";
import { checkRater, raterWarnings } from "../interaction/index.js";
import type { RoundSummary } from "../runs/index.js";
import type { RunContext } from "./context.js";

/** Checks judge and rater on what people say of the same texts, before anything rests on them; nothing where nothing is named. */
export async function checkVoices(context: RunContext): Promise<Pick<RoundSummary, "checks">> {
  const { resources, models, scenario, concurrency, signal } = context;
  const { judge: labelled, rater: pairs } = resources.checks;
  const found = labelled && (await checkJudge(models.judge, labelled, { concurrency, signal }));
  const { rater: model } = models;
  const { temperature, max_tokens, rating = "sampled" } = scenario.interaction;
  const rater =
    pairs &&
    model &&
    (await checkRater(pairs, {
      model,
      pack: resources.pack,
      personas: resources.personas,
      temperature,
      maxTokens: max_tokens,
      concurrency,
      signal,
    }));
  if (!found && !rater) return {};
  const warning = found && judgeWarning(found);
  const warnings = [...(warning ? [warning] : []), ...(rater ? raterWarnings(rater, rating) : [])];
  const judge = found ? { judge: withoutRows(found) } : {};
  return {
    checks: {
      ...judge,
      ...(rater ? { rater } : {}),
      warnings,
    },
  };
}

/** What is kept of it: the statements themselves ship. */
const withoutRows = ({ disagreements: _disagreements, ...found }: JudgeCheck) => found;
