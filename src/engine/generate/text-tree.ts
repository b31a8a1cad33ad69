/**
 * Texts of which some begin alike, laid out as a tree of tokens: each token stands once, behind those it comes after. One row of a
 * batch reads it where every token sees only what it comes after.
 */
export class TextTree {
  readonly tokens: number[] = [];
  /** The place of the token before, -1 for a first one; always smaller than a token's own place. */
  readonly before: number[] = [];
  /** How many tokens come before. */
  readonly depth: number[] = [];
  readonly #after: Map<number, number>[] = [];
  readonly #first = new Map<number, number>();

  get size(): number {
    return this.tokens.length;
  }

  /** Adds what is new of `ids` behind the token at `place` (-1: at the beginning), and tells where each of them stands. */
  add(ids: readonly number[], place = -1): number[] {
    let at = place;
    return ids.map((id) => {
      const after = at < 0 ? this.#first : this.#after[at]!;
      let next = after.get(id);
      if (next === undefined) {
        next = this.tokens.length;
        this.tokens.push(id);
        this.before.push(at);
        this.depth.push(at < 0 ? 0 : this.depth[at]! + 1);
        this.#after.push(new Map());
        after.set(id, next);
      }
      at = next;
      return next;
    });
  }

  /** How many of `ids` stand in it already, from the beginning. */
  shared(ids: readonly number[]): number {
    let after = this.#first;
    for (const [count, id] of ids.entries()) {
      const next = after.get(id);
      if (next === undefined) return count;
      after = this.#after[next]!;
    }
    return ids.length;
  }

  /** Writes 0 into a square of `side` × `side` wherever the token of the row sees that of the column. */
  unmask(square: Float32Array, side: number): void {
    for (let row = 0; row < side; row += 1) {
      // What fills up a shorter row sees itself alone.
      let seen = row;
      while (seen >= 0) {
        square[row * side + seen] = 0;
        seen = row < this.size ? this.before[seen]! : -1;
      }
    }
  }
}
