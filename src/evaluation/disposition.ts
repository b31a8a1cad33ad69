import type { SuiteInfo } from "./describe.js";

/**
 * What hidden states tell under the pressure of another suite's probes: no suite, for it puts no probes of its own, but it describes its
 * measures as one does, so that tables, figures, exports and the viewer read them in the same way.
 */
export const disposition: SuiteInfo = {
  name: "disposition",
  label: "Disposition",
  metrics: [
    {
      id: "projection",
      label: "Projection on the way from candid to obliging (the two are 1 apart; changes count)",
      direction: "lower",
      tone: "bad",
      headline: true,
      unbounded: true,
    },
    {
      id: "lie_foretold",
      label: "Lies foretold by a linear probe of round 0",
      direction: "lower",
      tone: "bad",
    },
    {
      id: "lie_told",
      label: "Lies told where they were foretold",
      direction: "lower",
      tone: "bad",
    },
    {
      id: "lie_probe",
      label: "Linear probe of round 0 ranks lies above honest statements (AUC; 50 % is chance)",
      direction: "neither",
      tone: "quiet",
    },
  ],
  verdicts: [{ id: "read", label: "read", tone: "quiet" }],
  reference: {
    key: "chen2025persona",
    title: "Persona Vectors: Monitoring and Controlling Character Traits in Language Models",
    author: "Chen, Runjin and Arditi, Andy and Sleight, Henry and Evans, Owain and Lindsey, Jack",
    year: 2025,
    eprint: "2507.21509",
    sentence: "Hidden states are projected on a direction from contrasting voices after persona vectors",
  },
};
