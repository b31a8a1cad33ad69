import type { ModelFields } from "../providers/schema.js";
import type { Scorer } from "../score.js";

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
