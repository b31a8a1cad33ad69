export type Schedule = "constant" | "linear" | "cosine";

/**
 * The learning rate of optimiser step `step` (from 0) out of `steps`, as transformers' schedules give it: rising from 0
 * over `warmupSteps`, then constant (its constant_with_warmup), linear to 0, or half a cosine to 0.
 */
export function learningRateAt(
  step: number,
  {
    peak,
    schedule,
    steps,
    warmupSteps,
  }: { peak: number; schedule: Schedule; steps: number; warmupSteps: number },
): number {
  if (step < warmupSteps) return (peak * step) / Math.max(1, warmupSteps);
  if (schedule === "constant") return peak;
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  if (schedule === "linear") return peak * Math.max(0, 1 - progress);
  return peak * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
}

/** transformers' number of warm-up steps for a ratio. */
export function warmupStepsOf(ratio: number, steps: number): number {
  return Math.ceil(ratio * steps);
}
