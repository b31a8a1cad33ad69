import type { Resources } from "../resources/index.js";

/** All suites whose probes are put to the assistant. */
export function probedBy({
  suites,
  canary,
  within,
}: Pick<Resources, "suites" | "canary" | "within">): Resources["suites"] {
  return [...suites, ...(canary ? [canary.suite] : []), ...(within ? [within] : [])];
}
