import type { TrainingReport, TrainingRequest } from "../types.js";

/** How a training that comes after the `first` steps of a reward model names what it saves: by steps of the whole. */
export function savingAfter(
  first: number,
  { saveSteps }: TrainingRequest,
): Pick<TrainingRequest, "saveSteps"> {
  return saveSteps
    ? { saveSteps: { every: saveSteps.every, folder: (step) => saveSteps.folder(first + step) } }
    : {};
}

/** What such a training came to, in steps of the whole. */
export function countedAfter(first: number, report: TrainingReport): TrainingReport {
  const saved = report.saved?.map((step) => first + step);
  return { ...report, steps: first + report.steps!, ...(saved ? { saved } : {}) };
}
