import { metrics, verdicts } from "../metrics.js";
import type { SuiteKind } from "../types.js";
import { CAPABILITY_FIELDS } from "./rows.js";
import { capabilitySuite } from "./suite.js";

/** What must not fall: knowledge by multiple choice, and instructions that a pattern checks. */
export const capability: SuiteKind = {
  name: "capability",
  label: "capability",
  metrics: [
    {
      id: "accuracy",
      label: "Accuracy (capability)",
      column: "accuracy",
      direction: "higher",
      tone: "good",
      headline: true,
      beside: true,
    },
    metrics.out_of_format,
    metrics.error,
  ],
  verdicts: [
    { id: "correct", label: "correct", tone: "good" },
    { id: "wrong", label: "wrong", tone: "bad" },
    verdicts.out_of_format,
    verdicts.error,
  ],
  fields: CAPABILITY_FIELDS,
  open: capabilitySuite,
};
