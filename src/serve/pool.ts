import { type EmbeddedSource, loadTokenizer, type ScoreResult, type TextResult } from "../models/index.js";
import type { Engine } from "./engine.js";
import { type EngineProcess, startProcess } from "./process.js";
import type { AskOptions } from "./questions.js";
import type { Question } from "./worker.js";

/** Processes that each hold the same models. */
export type Pool = {
  /** In the order of the sources. */
  engines: Engine[];
  release: () => Promise<void>;
};

/** Where a process is, or is to be: what it does, and the process once somebody needs it. */
type Place = { busy: number; process: Promise<EngineProcess> | null };

/**
 * Opens models in `workers` processes and deals each request to the one that has least to do: an engine computes on
 * one core. No answer depends on where it is drawn. In place of a process that has died the next request starts another.
 */
export async function openPool(sources: readonly EmbeddedSource[], workers: number): Promise<Pool> {
  const places = Array.from({ length: workers }, (): Place => ({ busy: 0, process: null }));
  const processAt = (place: Place): Promise<EngineProcess> => {
    if (place.process) return place.process;
    const starting = startProcess(sources);
    const clear = (): void => {
      if (place.process === starting) place.process = null;
    };
    starting.then(({ ended }) => ended.then(clear), clear);
    place.process = starting;
    return starting;
  };
  const ask = async (question: Question, options: AskOptions = {}): Promise<unknown> => {
    const place = places.reduce((least, other) => (other.busy < least.busy ? other : least));
    place.busy += 1;
    try {
      return await (await processAt(place)).ask(question, options);
    } finally {
      place.busy -= 1;
    }
  };
  const release = async (): Promise<void> => {
    await Promise.all(places.map(async ({ process }) => await (await process?.catch(() => null))?.end()));
  };

  try {
    const tokenizers = await Promise.all(sources.map(({ checkpoint }) => loadTokenizer(checkpoint)));
    const [{ contexts }] = (await Promise.all(places.map(processAt))) as [EngineProcess];
    const engines = tokenizers.map((tokenizer, model): Engine => {
      return {
        tokenizer,
        context: contexts[model]!,
        draw: async ({ signal, onText, ...request }) =>
          (await ask(
            { type: "draw", model, request, piecewise: onText !== undefined },
            { signal, onText },
          )) as TextResult,
        score: async (request) => (await ask({ type: "score", model, request })) as ScoreResult,
      };
    });
    return { engines, release };
  } catch (error) {
    await release();
    throw error;
  }
}
