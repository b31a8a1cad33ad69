/** One step as the Hugging Face Trainer prints it: `{'loss': '0.69', 'grad_norm': '1.2', 'epoch': '0.5'}`. */
export type LoggedStep = {
  loss: number;
  learning_rate: number;
  grad_norm: number;
  /** Passes over the data so far. */
  epoch: number;
  /** Tokens seen so far; null where the trainer does not count them. */
  tokens: number | null;
  /** Whether loss and gradient, as far as they are told, are numbers. */
  finite: boolean;
};

/**
 * Reads a line of a trainer's output; null for any line that is no step. The dictionary is Python's own way to print one,
 * with numbers as such or as text, and may stand behind a progress bar.
 */
export function readStep(line: string): LoggedStep | null {
  const [dictionary] = /\{'[^{}]*\}/.exec(line) ?? [];
  if (!dictionary) return null;
  const values = new Map<string, number>();
  for (const [, name, text] of dictionary.matchAll(/'([^']+)': '?([^',}]+)'?/g))
    values.set(name!, Number(text));
  const loss = values.get("loss");
  const epoch = values.get("epoch");
  if (loss === undefined || epoch === undefined) return null;
  return {
    loss,
    epoch,
    learning_rate: values.get("learning_rate") ?? Number.NaN,
    grad_norm: values.get("grad_norm") ?? Number.NaN,
    tokens: values.get("num_tokens") ?? null,
    finite: Number.isFinite(loss) && Number.isFinite(values.get("grad_norm") ?? 0),
  };
}

/** What the Hugging Face Trainer says before its first step. */
export type Announced = { rows?: number; steps?: number };

/** Reads such a line: `Num examples = 1,024` or `Total optimization steps = 8`; nothing of any other. */
export function readAnnounced(line: string): Announced {
  const count = (pattern: RegExp): number | undefined => {
    const [, digits] = pattern.exec(line) ?? [];
    return digits === undefined ? undefined : Number(digits.replaceAll(",", ""));
  };
  const rows = count(/\bNum examples = ([\d,]+)/u);
  const steps = count(/\bTotal optimization steps = ([\d,]+)/u);
  return { ...(rows === undefined ? {} : { rows }), ...(steps === undefined ? {} : { steps }) };
}
