import { type Contrast, notExcluded } from "../../drift/index.js";
import type { Analysis } from "../analysis.js";

/** Whether a difference is for the worse. */
export function isHarm({ value }: Contrast, { catalogue, metric, suite }: Analysis): boolean {
  return catalogue.metric(metric, suite).direction === "lower" ? value > 0 : value < 0;
}

/** What changes for the worse are called. */
export function harmWord({ catalogue, metric, suite }: Analysis): "drops" | "rises" {
  return catalogue.metric(metric, suite).direction === "lower" ? "rises" : "drops";
}

/** How large a change for the worse is not excluded. */
export function harm({ low, high }: Contrast, { catalogue, metric, suite }: Analysis): number {
  return catalogue.metric(metric, suite).direction === "lower" ? Math.max(0, high) : notExcluded({ low });
}
