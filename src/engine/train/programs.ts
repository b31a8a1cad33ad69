import type { Program } from "../graph/program.js";

// Each program keeps its own activation memory, so only the shapes in use lately stay compiled.
const KEPT = 6;

/** Compiled programs by shape, compiled on first use; the least recently used are released. */
export class ProgramCache<T extends { program: Program }> {
  readonly #programs = new Map<string, T>();

  async get(key: string, compile: () => Promise<T>): Promise<T> {
    const entry = this.#programs.get(key) ?? (await compile());
    this.#programs.delete(key);
    this.#programs.set(key, entry);
    if (this.#programs.size > KEPT) {
      const [oldest, { program }] = this.#programs.entries().next().value!;
      this.#programs.delete(oldest);
      await program.release();
    }
    return entry;
  }

  async release(): Promise<void> {
    for (const { program } of this.#programs.values()) await program.release();
    this.#programs.clear();
  }
}

/**
 * How `parts` independent runs share `threads` cores. Whole runs side by side use them better than threads inside operations,
 * which get what the runs leave over; but a large model runs one at a time, for the memory of its activations.
 */
export function shareThreads(
  threads: number,
  parts: number,
  large: boolean,
): { sideBySide: number; inside: number } {
  const sideBySide = large ? 1 : Math.min(threads, parts);
  return { sideBySide, inside: Math.floor(threads / sideBySide) };
}
