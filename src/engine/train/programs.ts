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
