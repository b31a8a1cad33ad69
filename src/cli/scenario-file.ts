import { UserError } from "../errors.js";

/**
 * Loads a scenario that a command was given. A file of another kind (a persona, probes) has a thousand mistakes as a scenario:
 * a UserError says what it is instead, and what takes it.
 */
export async function loadGiven<T>(file: string, load: () => T): Promise<T> {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { notScenario } = await import("../check/index.js");
    const other = notScenario(file);
    throw other === null ? error : new UserError(other);
  }
}
