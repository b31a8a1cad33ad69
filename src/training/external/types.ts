/** How a trainer outside this process is started (`training.external` of a scenario). */
export type ExternalSettings = {
  /** What it starts from: a folder or a name it knows. */
  model?: string;
  /** Program and first arguments. */
  command?: string[];
  /** Put before the command, e.g. `[srun, --gpus=1]`. */
  prefix?: string[];
  /** Cards that one training is spread over; 1 if absent. */
  gpus?: number;
  /** More of the trainer's own settings, under its names. */
  arguments?: Record<string, unknown>;
};
