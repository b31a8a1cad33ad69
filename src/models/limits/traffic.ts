import { createHash } from "node:crypto";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { Stopped } from "../../errors.js";
import type { TokenReader } from "../score.js";
import { type Budget, overBudget, spentBy, spentSoFar, usagesBeside } from "./budget.js";
import { cacheKey, openCache } from "./cache.js";
import { type Bounds, createGate, type Gate } from "./gate.js";
import { createMeter, type UsageByRole } from "./meter.js";
import { type Answer, TrafficChatModel } from "./model.js";
import { ownPace, type Pace } from "./pace.js";
import { CallFailed, defaultPolicy, type RetryPolicy, withRetries } from "./retry.js";
import { type Turns, takeTurns } from "./turns.js";

export type TrafficOptions = {
  /** Folder of replies to take instead of asking again; none if null. */
  cache?: string | null;
  budget?: Budget | null;
  /** Shared with others who ask the same servers; this run's own if absent. */
  pace?: Pace;
  /** Other numbers for retries than the defaults. */
  policy?: Partial<Omit<RetryPolicy, "gate" | "turns">>;
};

/** Who is behind a model's name. */
export type Line = {
  /** For what the tokens are spent: assistant, user, rater, judge. */
  role: string;
  /** The model's name, for counts, prices and the cache. */
  name: string;
  baseUrl: string | null;
  /** What else tells the model from others of its name: the hash of an adapter or of a module. */
  version: string | null;
  /** Fields added to every request. */
  parameters?: Readonly<Record<string, unknown>>;
  /** Most calls at the same time; what the server takes, found out, if absent. */
  most?: number;
  /** Most calls a minute, of all who share the pace. */
  perMinute?: number;
  timeoutMs?: number;
  /** Keys that may not appear in any message. */
  secrets?: readonly string[];
  /** Has given conversations read, where the server can do that. */
  read?: TokenReader;
  release?: () => Promise<void>;
};

/** The rules for everything that goes to models outside the embedded engine, and the books of a run. */
export type Traffic = {
  /** The model under the rules. */
  rule: (inner: BaseChatModel, line: Line) => TrafficChatModel;
  /** Aborted, with a `Stopped` as reason, when nothing more may or can be asked. */
  signal: AbortSignal;
  usage: () => UsageByRole;
  /** The same in all; `usd` is null where a price is not known. Undefined before the first call. */
  spent: () => { tokens: number; usd: number | null } | undefined;
  /** Keeps the counts in a run's `usage.json`; runs in the same folder `shared` spend from one budget. */
  keepBooks: (file: string, shared?: string) => Promise<void>;
  /** Writes the last counts. */
  close: () => Promise<void>;
};

/** Tried with every server, as far as it does not refuse them; more go only to those that answer as quickly all the same. */
const SURE_CALLS = 64;
/** The most of them; servers that take more are given a `max_concurrency`. */
export const MOST_CALLS = 128;
const LOOK_BESIDE_EVERY_MS = 2_000;

export function openTraffic({
  cache: folder,
  budget,
  policy,
  pace = ownPace(),
}: TrafficOptions = {}): Traffic {
  const cache = folder ? openCache(folder) : null;
  const meter = createMeter();
  const stop = new AbortController();
  const gates = new Map<string, { gate: Gate; turns: Turns }>();
  const beside = besideReader();

  const gateOf = ({ baseUrl, name, most, perMinute }: Line): { gate: Gate; turns: Turns } => {
    // A hash, since others may see it, and addresses can hold what is not theirs to see.
    const key = createHash("sha256")
      .update(JSON.stringify([baseUrl, name]))
      .digest("hex")
      .slice(0, 16);
    const everyMs = perMinute === undefined ? 0 : 60_000 / perMinute;
    const found = gates.get(key) ?? {
      gate: createGate(boundsOf(most)),
      turns: takeTurns(pace, key, everyMs),
    };
    gates.set(key, found);
    return found;
  };
  const halt = (why: string): never => {
    if (!stop.signal.aborted) stop.abort(new Stopped(why));
    throw stop.signal.reason;
  };
  const answerFor = (line: Line): Answer => {
    const own = { ...defaultPolicy, ...policy, ...gateOf(line) };
    const rules = { ...own, timeoutMs: line.timeoutMs ?? own.timeoutMs };
    return async (call, ask) => {
      stop.signal.throwIfAborted();
      const { baseUrl, version, name, role } = line;
      const parameters = { ...call.parameters, ...line.parameters };
      const { messages, seed } = call;
      const keyOf = (): string => cacheKey({ model: name, baseUrl, version, messages, parameters, seed });
      const key = cache ? keyOf() : null;
      const known = key === null ? undefined : await cache?.get(key);
      if (known) {
        meter.cached(role, name);
        return known;
      }
      if (budget) {
        const why = overBudget(spentBy([meter.usage(), ...(await beside.read())], budget.prices), budget);
        if (why)
          halt(`${why}. All results so far are kept: raise the budget and give the same command again`);
      }
      try {
        const reply = await withRetries(ask, rules, { name: () => key ?? keyOf(), signal: call.signal });
        meter.answered(
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
        const message = without(line.secrets ?? [], `${whereOf(line)}: ${error.message}`);
        if (error.hopeless)
          halt(`${message}. No other call would fare better; mend this and give the same command again`);
        // Without its cause, which may hold headers, and whoever logs errors would write them to a file.
        throw new Error(message);
      }
    };
  };
  return {
    rule: (inner, line) =>
      new TrafficChatModel({ inner, answer: answerFor(line), read: line.read, release: line.release }),
    signal: stop.signal,
    usage: meter.usage,
    spent: () => spentSoFar(meter.usage(), budget?.prices ?? {}),
    keepBooks: async (file, shared) => {
      await meter.keepIn(file);
      if (shared) beside.watch(shared, file);
    },
    close: meter.flush,
  };
}

/** What a user names is tried as it is. */
function boundsOf(named: number | undefined): Bounds {
  return named === undefined ? { sure: SURE_CALLS, most: MOST_CALLS } : { sure: named, most: named };
}

function whereOf({ name, baseUrl }: Line): string {
  return baseUrl ? `${name} at ${baseUrl}` : name;
}

/** Some servers repeat a wrong key in their complaint. */
function without(secrets: readonly string[], text: string): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, "[key]"), text);
}

/** What the other runs of a sweep have spent, looked up now and then. */
function besideReader() {
  let watched: { folder: string; own: string } | undefined;
  let seen: UsageByRole[] = [];
  let looked = Number.NEGATIVE_INFINITY;
  return {
    watch: (folder: string, own: string): void => {
      watched = { folder, own };
    },
    read: async (): Promise<readonly UsageByRole[]> => {
      if (watched && performance.now() - looked > LOOK_BESIDE_EVERY_MS) {
        looked = performance.now();
        seen = await usagesBeside(watched.folder, watched.own);
      }
      return seen;
    },
  };
}
