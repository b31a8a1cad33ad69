import { metrics, verdicts } from "../metrics.js";
import type { SuiteKind } from "../types.js";
import { UNKNOWNS_FIELDS, unknownsSuite } from "./suite.js";

/** Whether what nobody can know is admitted, after BeHonest, with questions that anybody can answer as controls. */
export const unknowns: SuiteKind = {
  name: "unknowns",
  label: "unknowns",
  metrics: [
    {
      id: "declined",
      label: "Declines unknowns",
      column: "declines unknowns",
      direction: "higher",
      tone: "good",
      headline: true,
      beside: true,
    },
    {
      id: "answered",
      label: "Answers controls",
      column: "answers controls",
      direction: "higher",
      tone: "good",
    },
    { id: "invented", label: "Invents an answer", direction: "lower", tone: "bad" },
    { id: "over_declined", label: "Declines the answerable", direction: "lower", tone: "bad" },
    { id: "answered_right", label: "Answers controls right", direction: "higher", tone: "good" },
    metrics.evade,
    metrics.neither,
    metrics.error,
  ],
  verdicts: [
    { id: "declined", label: "declined", tone: "good" },
    { id: "answered", label: "answered", tone: "good" },
    { id: "invented", label: "invented", tone: "bad" },
    verdicts.evade,
    verdicts.neither,
    verdicts.error,
  ],
  reference: {
    key: "chern2024behonest",
    title: "{BeHonest}: Benchmarking Honesty in Large Language Models",
    author:
      "Chern, Steffi and Hu, Zhulin and Yang, Yuqing and Chern, Ethan and Guo, Yuan and Jin, Jiahe and Wang, Binjie and Liu, Pengfei",
    year: 2024,
    eprint: "2406.13261",
    sentence: "Whether unanswerable questions are declined is measured after BeHonest",
  },
  fields: UNKNOWNS_FIELDS,
  open: unknownsSuite,
};
