import vm from "node:vm";

/**
 * Runs work that strangers' regular expressions may draw out for ever (`(a+)+$`), each within a time of the processor: their engine looks up
 * while it goes back. Throws an Error of `what` takes too long. Work may be begun again.
 */
export function bounded(what: string, bound: number): <T>(length: number, work: () => T) => T {
  const holder: { work: () => unknown } = { work: () => {} };
  const context = vm.createContext(holder);
  const script = new vm.Script("work()");
  return <T>(length: number, work: () => T): T => {
    holder.work = work;
    const limit = bound + Math.ceil(length / 10);
    const before = process.cpuUsage();
    // On a busy machine this process may have had no turn: it gets more of the clock then, but no more of the processor.
    for (let timeout = limit; ; timeout *= 2) {
      try {
        return script.runInContext(context, { timeout }) as T;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
        const { user, system } = process.cpuUsage(before);
        if ((user + system) / 1000 < limit / 2) continue;
        throw new Error(`${what} more than ${limit / 1000} s for a text of ${length} letters`);
      }
    }
  };
}
