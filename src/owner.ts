/**
 * Holds what must be given back, however the work ends: `await using owner = new Owner()`, or hand the owner on. Gives back in
 * reverse order, all of it even where one of them fails, and then throws the first failure.
 */
export class Owner implements AsyncDisposable {
  readonly #held: (() => unknown)[] = [];

  /** Takes a thing over with the way to give it back. */
  own<T>(value: T, giveBack: (value: T) => unknown): T {
    this.#held.push(() => giveBack(value));
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let next = this.#held.pop(); next; next = this.#held.pop()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
