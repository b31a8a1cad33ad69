import type { Prefill } from "./prefill.js";
import { likeliest, logProbability } from "./sample.js";
import type { ScoreRequest, ScoreResult } from "./types.js";

/** Scores several texts in one reading; answers of one token to one prompt come from one reading of that prompt. */
export async function scoreTogether(
  prefill: Prefill,
  requests: readonly ScoreRequest[],
): Promise<ScoreResult[]> {
  const results = requests.map((): ScoreResult => ({ logprobs: [], alternatives: [] }));
  const readings = new Map<string, { ids: number[]; logitsFrom: number; indices: number[] }>();
  for (const [index, { prompt, completion }] of requests.entries()) {
    const ids = [...prompt, ...completion.slice(0, -1)];
    const logitsFrom = prompt.length - 1;
    const key = `${logitsFrom}/${ids.join()}`;
    const reading = readings.get(key);
    if (reading) reading.indices.push(index);
    else readings.set(key, { ids, logitsFrom, indices: [index] });
  }
  await prefill.read(
    [...readings.values()].map(({ ids, logitsFrom, indices }) => ({
      ids,
      logitsFrom,
      temperature: 1,
      onPrediction: (prediction) => {
        for (const index of indices) {
          const result = results[index]!;
          const { completion, alternatives } = requests[index]!;
          result.logprobs.push(logProbability(prediction, completion[result.logprobs.length]!));
          if (alternatives) result.alternatives.push(likeliest(prediction.logits, alternatives));
        }
      },
    })),
  );
  return results;
}
