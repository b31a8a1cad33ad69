import { OutsideFailed, Stopped } from "../../errors.js";
import { type CacheRequest, cacheKey, type ReplyCache } from "./cache.js";
import { NotReported } from "./failure.js";
import { type Host, takeHost } from "./hosts.js";
import type { Answer, Call } from "./model.js";
import type { ModelInfo } from "./model-info.js";
import { CallFailed, defaultPolicy, type RetryPolicy, withRetries } from "./retry.js";
import type { Say } from "./say.js";
import type { Spending } from "./spending.js";
import type { UsageLog } from "./usage-log.js";

/** What all models of a run go by. */
export type Rules = {
  cache: ReplyCache | null;
  spending: Spending;
  usageLog: UsageLog;
  policy?: Partial<Omit<RetryPolicy, "take">>;
  /** Stops the run, and throws why. */
  halt: (why: string) => never;
  /** Aborted once it has stopped. */
  stopped: AbortSignal;
};

/** Answers a model's calls: from the cache, or from one of its servers while the budget lasts. */
export function answerBy(rules: Rules, info: ModelInfo, hosts: readonly Host[], say: Say): Answer {
  const { cache, spending, usageLog, halt } = rules;
  const { name, role } = info;
  const own = { ...defaultPolicy, ...rules.policy };
  const policy = { ...own, take: () => takeHost(hosts), timeoutMs: info.timeoutMs ?? own.timeoutMs };

  const refuseToOverspend = async (): Promise<void> => {
    // What others have used cannot be told, and may be all that there was.
    const why = await spending
      .over()
      .catch((error: Error) => halt(`${error.message}; all results so far are kept`));
    if (why !== null)
      halt(`${why}. All results so far are kept: raise the budget and give the same command again`);
  };
  const failed = (error: unknown): never => {
    if (!(error instanceof CallFailed)) throw error;
    if (error.cause instanceof NotReported) throw error.cause;
    const message = say(error.message, error.address);
    if (error.fatal)
      halt(`${message}. No other call would fare better; mend this and give the same command again`);
    // Without its cause, which may hold headers, and whoever logs errors would write them to a file.
    throw new OutsideFailed(message);
  };
  // What cannot be read or kept stops the run: no other call would fare better.
  const orStop = (error: unknown): never => (error instanceof Stopped ? halt(error.message) : failed(error));
  return async (call, ask) => {
    rules.stopped.throwIfAborted();
    const keyOf = (): string => cacheKey(requestOf(call, info));
    const key = cache ? keyOf() : null;
    const known = key === null ? undefined : await cache?.get(key).catch(orStop);
    if (known) {
      usageLog.cached(role, name);
      return known;
    }
    await refuseToOverspend();
    const reply = await withRetries(ask, policy, { name: () => key ?? keyOf(), signal: call.signal }).catch(
      failed,
    );
    const letters = call.messages.reduce((sum, { content }) => sum + content.length, 0);
    usageLog.answered(role, name, reply, letters);
    // What is no answer must be asked again, not remembered.
    if (key !== null && reply.text.trim() !== "") await cache?.put(key, reply).catch(orStop);
    return reply;
  };
}

function requestOf({ messages, parameters, seed }: Call, info: ModelInfo): CacheRequest {
  const { name: model, baseUrl, version } = info;
  return { model, baseUrl, version, messages, parameters: { ...parameters, ...info.parameters }, seed };
}
