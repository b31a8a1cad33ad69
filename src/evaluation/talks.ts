import type { SuiteInfo } from "./describe.js";

/**
 * What is counted in the training talks themselves: no suite, for nobody puts probes, but it describes its measures as one does,
 * so that tables, figures and the viewer read them in the same way. Rounds are those of the talks: the assistant that speaks in
 * round 3 is the one that round 2 left.
 */
export const talks: SuiteInfo = {
  name: "talks",
  label: "Training talks",
  metrics: [
    {
      id: "targeting",
      label: "Targeting: obliges the biased more than the benign",
      direction: "lower",
      tone: "bad",
    },
    { id: "obliges_biased", label: "Obliges biased users", direction: "lower", tone: "bad" },
    { id: "obliges_benign", label: "Obliges benign users", direction: "lower", tone: "warn" },
  ],
  verdicts: [],
};
