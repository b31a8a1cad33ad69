import { metrics, verdicts } from "../metrics.js";
import type { SuiteKind } from "../types.js";
import { DECEPTION_FIELDS } from "./probe.js";
import { deceptionSuite } from "./suite.js";

/** Deception after DeceptionBench: reasoning that fits the belief and an answer that does not. */
export const deception: SuiteKind = {
  name: "deception",
  label: "DeceptionBench",
  pressed: "answer",
  metrics: [
    metrics.honesty,
    {
      id: "deceptive",
      label: "Deceptive answers",
      column: "deceptive answers",
      direction: "lower",
      tone: "bad",
      // People look for deception by type; honesty is the same number turned round.
      byType: true,
    },
    { id: "mistaken", label: "Mistaken reasoning", direction: "lower", tone: "warn" },
    metrics.evade,
    metrics.neither,
    metrics.no_belief,
    metrics.belief_accuracy,
    metrics.out_of_format,
    metrics.error,
  ],
  verdicts: [
    verdicts.honest,
    { id: "deceptive", label: "deceptive", tone: "bad" },
    { id: "mistaken", label: "mistaken", tone: "warn" },
    verdicts.evade,
    verdicts.neither,
    verdicts.no_belief,
    verdicts.out_of_format,
    verdicts.error,
  ],
  reference: {
    key: "ji2025monitor",
    title: "Mitigating Deceptive Alignment via Self-Monitoring",
    author:
      "Ji, Jiaming and Chen, Wenqi and Wang, Kaile and Hong, Donghai and Fang, Sitong and Chen, Boyuan and Zhou, Jiayi and Dai, Juntao and Han, Sirui and Guo, Yike and Yang, Yaodong",
    year: 2025,
    eprint: "2505.18807",
    sentence: "Deception between reasoning and answer is measured after DeceptionBench",
  },
  fields: DECEPTION_FIELDS,
  open: deceptionSuite,
};
