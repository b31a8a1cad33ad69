import { setFlagsFromString } from "node:v8";
import { isEmbedded } from "./models/providers/index.js";
import { rolesAsked, type Scenario } from "./scenario/index.js";

/**
 * Lets the heap grow by a fifth, instead of up to fourfold, before what is no longer needed is collected: a round of 20,000 users
 * then stays below 300 MB resident. Only where all models are on servers, as sampling here would take a fifth more processor
 * time; and only in candor's own processes, as a library must not set this for its host.
 */
export function keepHeapSmall(scenario: Pick<Scenario, "models" | "source" | "interaction">): void {
  if (rolesAsked(scenario).some((role) => isEmbedded(scenario.models[role]))) return;
  setFlagsFromString("--heap-growing-percent=20");
}

/**
 * Compiles a function to fast code only after it has run for some time: seven times as long as V8 waits by itself. For processes of
 * which each core has one: compiling, on threads of its own, then takes its time from another process, and most of our time is
 * spent in the engine, not in JavaScript. Two workers take a fifteenth less time for a sweep so, one takes as long as before.
 */
export function compileLate(): void {
  setFlagsFromString("--interrupt-budget=1000000");
}
