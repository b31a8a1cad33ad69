/**
 * The places of a server: so many are answered at a time, each after `ms`, and whoever comes while all are taken waits for its
 * turn, as with vLLM or llama.cpp.
 */
export function createPlaces<T>(places: number, ms: number, answer: (one: T) => void) {
  const waiting: T[] = [];
  let open = 0;
  const serve = (one: T): void => {
    open += 1;
    setTimeout(() => {
      open -= 1;
      answer(one);
      const next = waiting.shift();
      if (next !== undefined) serve(next);
    }, ms);
  };
  return {
    areTaken: (): boolean => open >= places,
    take: (one: T): void => {
      if (open < places) serve(one);
      else waiting.push(one);
    },
  };
}
