import { createHash } from "node:crypto";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { Stopped } from "../../errors.js";
import { secretsIn, shownAddress } from "../address.js";
import { masking } from "../mask.js";
import type { ModelFields } from "../providers/schema.js";
import type { Scorer } from "../score.js";
import { adaptiveConcurrency, type Bounds } from "./adaptive-concurrency.js";
import { type Budget, overBudget, spentBy, spentSoFar } from "./budget.js";
import { cacheKey, openCache } from "./cache.js";
import { NotReported, readFailure } from "./failure.js";
import { type Host, takeHost } from "./hosts.js";
import { type Answer, TrafficChatModel } from "./model.js";
import { localRateLimiter, type RateLimiter } from "./rate-limiter.js";
import { CallFailed, defaultPolicy, type RetryPolicy, withRetries } from "./retry.js";
import { limitServer } from "./server-limiter.js";
import { createUsageLog, type UsageByRole, type UsageStore } from "./usage-log.js";

export type TrafficOptions = {
  /** Folder of replies to take instead of asking again; none if null. */
  cache?: string | null;
  budget?: Budget | null;
  /** Shared with others who ask the same servers; this run's own if absent. */
  rateLimiter?: RateLimiter;
  /** Other numbers for retries than the defaults. */
  policy?: Partial<Omit<RetryPolicy, "take">>;
};

/** Who is behind a model's name. */
export type ModelInfo = {
  /** For what the tokens are spent: assistant, user, rater, judge. */
  role: string;
  /** The model's name, for counts, prices and the cache. */
  name: string;
  /** Address of its server, or the first of several that are taken for one; null for a model that is no server. */
  baseUrl: string | null;
  /** All of them; that one if absent. */
  addresses?: readonly string[];
  /** What else tells the model from others of its name: the hash of an adapter or of a module. */
  version: string | null;
  /** Fields added to every request. */
  parameters?: Readonly<Record<string, unknown>>;
  /** Most calls at the same time; what the server takes, found out, if absent. */
  maxConcurrency?: number;
  /** Most calls a minute, of all who share the rateLimiter. */
  perMinute?: number;
  timeoutMs?: number;
  /** Keys that may not appear in any message. */
  secrets?: readonly string[];
  /** Says how likely replies are, where the model can tell. */
  score?: Scorer;
  release?: () => Promise<void>;
};

/** A scenario's fields as the limits of a model. */
export function limitsOf({
  max_concurrency: maxConcurrency,
  requests_per_minute: perMinute,
  timeout_s: seconds,
}: Pick<ModelFields, "max_concurrency" | "requests_per_minute" | "timeout_s">): Pick<
  ModelInfo,
  "maxConcurrency" | "perMinute" | "timeoutMs"
> {
  return { maxConcurrency, perMinute, timeoutMs: seconds === undefined ? undefined : seconds * 1000 };
}

/** A model itself, or what gives it for an address of its servers. */
type Inner = BaseChatModel | ((address: string | null) => BaseChatModel);

/** The rules for everything that goes to models outside the embedded engine, and the usage log of a run. */
export type Traffic = {
  /** The model under the rules. */
  wrap: (inner: Inner, info: ModelInfo) => TrafficChatModel;
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

/** Growing from it to 64 takes two round trips; a server that takes fewer refuses at most so many calls once. */
const START_CALLS = 16;
/** Tried with every server, as far as it does not refuse them; more go only to those that answer as quickly all the same. */
const MIN_CALLS = 64;
/** The most of them; servers that take more are given a `max_concurrency`. */
export const MAX_CALLS = 128;
const LOOK_BESIDE_EVERY_MS = 2_000;

export function openTraffic({
  cache: folder,
  budget,
  policy,
  rateLimiter = localRateLimiter(),
}: TrafficOptions = {}): Traffic {
  const cache = folder ? openCache(folder) : null;
  const usageLog = createUsageLog();
  const stop = new AbortController();
  const hosts = new Map<string, Host>();
  const beside = besideReader();

  const hostAt = (address: string | null, { name, maxConcurrency, perMinute }: ModelInfo): Host => {
    // A hash, since others may see it, and addresses can hold what is not theirs to see.
    const key = createHash("sha256")
      .update(JSON.stringify([address, name]))
      .digest("hex")
      .slice(0, 16);
    const everyMs = perMinute === undefined ? 0 : 60_000 / perMinute;
    const found = hosts.get(key) ?? {
      address,
      concurrency: adaptiveConcurrency(boundsOf(maxConcurrency)),
      limiter: limitServer(rateLimiter, key, everyMs),
      calls: 0,
      downUntil: 0,
    };
    hosts.set(key, found);
    return found;
  };
  const hostsOf = (info: ModelInfo): Host[] =>
    (info.addresses ?? [info.baseUrl]).map((address) => hostAt(address, info));
  const halt = (why: string): never => {
    if (!stop.signal.aborted) stop.abort(new Stopped(why));
    throw stop.signal.reason;
  };
  // What others have used cannot be told, and may be all that there was.
  const stopped = (error: Error): never => halt(`${error.message}; all results so far are kept`);
  const answerFor = (info: ModelInfo, say: Say): Answer => {
    const own = { ...defaultPolicy, ...policy };
    const servers = hostsOf(info);
    const take = () => takeHost(servers);
    const rules = { ...own, take, timeoutMs: info.timeoutMs ?? own.timeoutMs };
    return async (call, ask) => {
      stop.signal.throwIfAborted();
      const { baseUrl, version, name, role } = info;
      const parameters = { ...call.parameters, ...info.parameters };
      const { messages, seed } = call;
      const keyOf = (): string => cacheKey({ model: name, baseUrl, version, messages, parameters, seed });
      const key = cache ? keyOf() : null;
      const known = key === null ? undefined : await cache?.get(key);
      if (known) {
        usageLog.cached(role, name);
        return known;
      }
      if (budget) {
        const why = overBudget(
          spentBy([usageLog.usage(), ...(await beside.read().catch(stopped))], budget.prices),
          budget,
        );
        if (why)
          halt(`${why}. All results so far are kept: raise the budget and give the same command again`);
      }
      try {
        const reply = await withRetries(ask, rules, { name: () => key ?? keyOf(), signal: call.signal });
        usageLog.answered(
          role,
          name,
          reply,
          messages.reduce((sum, { content }) => sum + content.length, 0),
        );
        // What is no answer must be asked again, not remembered.
        if (key !== null && reply.text.trim() !== "") await cache?.put(key, reply);
        return reply;
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        if (error.cause instanceof NotReported) throw error.cause;
        const message = say(error.message, error.address);
        if (error.fatal)
          halt(`${message}. No other call would fare better; mend this and give the same command again`);
        // Without its cause, which may hold headers, and whoever logs errors would write them to a file.
        throw new Error(message);
      }
    };
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
        answer: answerFor(info, say),
        score: info.score,
        release: info.release,
        explain: (error, address) => new Error(say(readFailure(error).message, address)),
        timeoutMs: info.timeoutMs ?? policy?.timeoutMs ?? defaultPolicy.timeoutMs,
      });
    },
    signal: stop.signal,
    usage: usageLog.usage,
    spent: () => spentSoFar(usageLog.usage(), budget?.prices ?? {}),
    logUsage: async (store) => {
      await usageLog.keepIn(store);
      beside.watch(store);
    },
    close: usageLog.flush,
  };
}

/** What a user names is tried as it is. */
function boundsOf(named: number | undefined): Bounds {
  return named === undefined
    ? { min: MIN_CALLS, start: START_CALLS, max: MAX_CALLS }
    : { min: named, start: START_CALLS, max: named };
}

/** Makes a message of what went wrong: whose model it was, and no key in it, as some servers repeat one in their complaint. */
type Say = (what: string, address: string | null) => string;

function sayer({
  name,
  baseUrl,
  addresses = baseUrl === null ? [] : [baseUrl],
  secrets = [],
}: ModelInfo): Say {
  const mask = masking([...secrets, ...addresses.flatMap(secretsIn)]);
  return (what, address) => {
    const where = address === null ? name : `${name} at ${shownAddress(address)}`;
    return `${where}: ${mask(what)}`;
  };
}

/** What the other runs of a sweep have spent, looked up now and then. */
function besideReader() {
  let watched: UsageStore | undefined;
  let seen: readonly UsageByRole[] = [];
  let looked = Number.NEGATIVE_INFINITY;
  return {
    watch: (store: UsageStore): void => {
      watched = store;
    },
    read: async (): Promise<readonly UsageByRole[]> => {
      if (watched?.readBeside && performance.now() - looked > LOOK_BESIDE_EVERY_MS) {
        looked = performance.now();
        seen = await watched.readBeside();
      }
      return seen;
    },
  };
}
