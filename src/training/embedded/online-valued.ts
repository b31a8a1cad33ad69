import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { loadCheckpoint } from "../../engine/index.js";
import { loadTokenizer } from "../../models/index.js";
import { kindOfRows, type SftRow } from "../../preference/export/index.js";
import type { TrainingReport, TrainingRequest } from "../types.js";
import { countedAfter, savingAfter } from "./after-first.js";
import { encodingOnce } from "./encode-once.js";
import { learnOnline } from "./online.js";
import { promptsOf } from "./prompts.js";
import { rewardSteps, saveRewardModel, trainRewardModel, valuesOf } from "./reward-model.js";

/**
 * RLOO with a reward model in place of users: it is trained on the pairs, and what it gives a reply that is drawn is the reply's reward, in its
 * own units. Nobody is asked while the assistant learns. The checkpoint holds the reward model beside the adapter.
 */
export async function learnFromValues(request: TrainingRequest): Promise<TrainingReport> {
  const { settings, workdir, base, onProgress } = request;
  const of = kindOfRows(request.data);
  if (of.kind !== "pair") throw new Error("a reward model learns from pairs");
  const parts = { reward: join(workdir, "reward"), policy: join(workdir, "policy") };
  for (const folder of Object.values(parts)) await mkdir(folder, { recursive: true });
  const first = rewardSteps(of.rows.length, settings);
  const tokenizer = encodingOnce(await loadTokenizer(base));
  // An interrupted one goes on where it stood, and comes to the same model again.
  const { trainer, report: reward_model } = await trainRewardModel(
    of.rows,
    await loadCheckpoint(base),
    tokenizer,
    {
      ...request,
      workdir: parts.reward,
      saveSteps: undefined,
    },
  );
  const rate: NonNullable<TrainingRequest["rate"]> = async ({ prompt }, replies) => {
    const said = replies.flatMap((content, at) => (content.trim() === "" ? [] : [{ content, at }]));
    const texts = said.map(({ content }) => ({ prompt, content }));
    const values = await valuesOf(texts, trainer, tokenizer, settings);
    const marks = replies.map((): number | null => null);
    for (const [index, { at }] of said.entries()) marks[at] = values[index]!;
    return marks;
  };
  try {
    const rows = promptsOf(of.rows).map((prompt): SftRow => ({ ...prompt, completion: [] }));
    const report = await learnOnline(
      {
        ...request,
        data: { method: "rloo", rows },
        workdir: parts.policy,
        rate,
        onProgress: (progress) =>
          onProgress?.({ ...progress, step: first + progress.step, steps: first + progress.steps }),
        ...savingAfter(first, request),
      },
      async (draft) => await saveRewardModel(draft, trainer.model(), base),
    );
    return { ...countedAfter(first, report), reward_model };
  } finally {
    await trainer.release();
  }
}
