import { UserError } from "../../errors.js";
import type { LoggedStep } from "./log-lines.js";

/** Steps in a row without a finite gradient after which nothing can come of a training. Mixed fp16 skips a few at its start, by design. */
const STEPS = 10;

/** Told of every step of a trainer that prints them; says once, with cause and mend, that its numbers are lost for good. */
export function watchDivergence(log: string): (logged: LoggedStep, step: number) => UserError | null {
  let lost = 0;
  let before: number | null = null;
  return (logged, step) => {
    if (logged.finite) {
      lost = 0;
      before = logged.loss;
      return null;
    }
    lost++;
    if (lost !== STEPS) return null;
    const first = step - STEPS + 1;
    return new UserError(
      `training diverged: from step ${first} on the gradient is not a number (the loss was ${before ?? "never a number"} before), so the adapter would hold nothing but NaN. Most often the learning rate is too high: lower training.learning_rate. Where TORCH_CUDNN_SDPA_DEPRIORITIZED is set to 0, an H100 or H200 does this with bf16 by itself. All steps: ${log}`,
    );
  };
}
