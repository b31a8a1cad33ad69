/** A model that servers on this machine are to serve. */
export type ServedModel = {
  /** As requests name it. */
  name: string;
  /** The fields of the scenario that name it and its address, e.g. models.assistant. */
  fields: readonly string[];
  /** Its addresses on this machine, as the scenario has them. */
  addresses: readonly [string, ...string[]];
  /** What vLLM loads: a folder, or a name that it knows. */
  folder: string;
  /** What adapters of rounds need; null where it takes none. */
  lora: { rank: number; modules: readonly string[] } | null;
  /** The variable that holds the key which requests bring; null where they bring none. */
  key: string | null;
};

/** A server that is to be started. */
export type PlannedServer = {
  model: ServedModel;
  /** The card that it sees; null for one that is not told. */
  card: string | null;
  /** Where it answers, with /v1. */
  address: string;
  /** Share of the card's memory that it may take. */
  memory: number;
};
