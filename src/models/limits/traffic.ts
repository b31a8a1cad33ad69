import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { OutsideFailed, Stopped } from "../../errors.js";
import { listed } from "../../listed.js";
import { answerBy, type Rules } from "./answer.js";
import { type Budget, spentSoFar } from "./budget.js";
import { openCache } from "./cache.js";
import { readFailure } from "./failure.js";
import { openHosts } from "./hosts.js";
import { TrafficChatModel } from "./model.js";
import type { ModelInfo } from "./model-info.js";
import { localRateLimiter, type RateLimiter } from "./rate-limiter.js";
import { defaultPolicy, type RetryPolicy } from "./retry.js";
import { sayer } from "./say.js";
import { openSpending } from "./spending.js";
import { createUsageLog, type UsageByRole, type UsageStore } from "./usage-log.js";

export type TrafficOptions = {
  /** Folder of replies to take instead of asking again; none if null. */
  cache?: string | null;
  budget?: Budget | null;
  /** Shared with others who ask the same servers; this run's own if absent. */
  rateLimiter?: RateLimiter;
  /** Other numbers for retries than the defaults. */
  policy?: Partial<Omit<RetryPolicy, "take">>;
  /** Told what people must know of who answered. */
  notice?: (text: string) => void;
};

/** Names of models that a notice tells at most; a router may have any number. */
const MOST_NAMES = 5;

/** A model itself, or what gives it for an address of its servers. */
type Inner = BaseChatModel | ((address: string | null) => BaseChatModel);

/** The rules for everything that goes to models outside the embedded engine, and the usage log of a run. */
export type Traffic = {
  /** The model under the rules. */
  wrap: (inner: Inner, info: ModelInfo) => TrafficChatModel;
  /** To be told as whom the servers of a model, opened once, answer; more names than one are told people. */
  hearer: (name: string) => (answeredAs: string) => void;
  /** Aborted, with a `Stopped` as reason, when nothing more may or can be asked. */
  signal: AbortSignal;
  usage: () => UsageByRole;
  /** What has been used in all; `usd` is null where a price is not known. Undefined before the first call. */
  spent: () => { tokens: number; usd: number | null } | undefined;
  /** Keeps the counts in a run's store; with the runs that it knows of beside it, they spend from one budget. */
  logUsage: (store: UsageStore) => Promise<void>;
  /** Writes the last counts. */
  close: () => Promise<void>;
};

export function openTraffic({
  cache: folder,
  budget,
  policy,
  rateLimiter = localRateLimiter(),
  notice = () => {},
}: TrafficOptions = {}): Traffic {
  const usageLog = createUsageLog();
  const stop = new AbortController();
  const hostsOf = openHosts(rateLimiter);
  const spending = openSpending(budget ?? null, usageLog.usage);
  const rules: Rules = {
    cache: folder ? openCache(folder) : null,
    spending,
    usageLog,
    policy,
    halt: (why) => {
      if (!stop.signal.aborted) stop.abort(new Stopped(why));
      throw stop.signal.reason;
    },
    stopped: stop.signal,
  };
  return {
    wrap: (inner, info) => {
      const say = sayer(info);
      const at = typeof inner === "function" ? inner : () => inner;
      return new TrafficChatModel({
        inner: at,
        address: () => {
          const [first, ...others] = hostsOf(info);
          return [first!, ...others].find(({ downUntil }) => downUntil === 0)?.address ?? first!.address;
        },
        answer: answerBy(rules, info, hostsOf(info), say),
        score: info.score,
        release: info.release,
        explain: (error, address) => new OutsideFailed(say(readFailure(error).message, address)),
        timeoutMs: info.timeoutMs ?? policy?.timeoutMs ?? defaultPolicy.timeoutMs,
      });
    },
    hearer: (name) => {
      const heard = new Set<string>();
      return (answeredAs) => {
        if (heard.has(answeredAs) || heard.size > MOST_NAMES) return;
        heard.add(answeredAs);
        if (heard.size === 1) return;
        const names = [...heard].map((one) => JSON.stringify(one));
        notice(
          `${name}: its answers come from more than one model: ${listed(names)}. A server or router has changed, or one of several serves another model; the numbers are those of all of them together`,
        );
      };
    },
    signal: stop.signal,
    usage: usageLog.usage,
    spent: () => spentSoFar(usageLog.usage(), budget?.prices ?? {}),
    logUsage: async (store) => {
      await usageLog.keepIn(store);
      spending.watch(store);
    },
    close: usageLog.flush,
  };
}
