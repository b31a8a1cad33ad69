import { setTimeout as sleep } from "node:timers/promises";

/** A subject that is looked at again and again as long as somebody follows it, by one look for all. */
export type Follower<T> = {
  /** Calls `tell` with the present state and with every later one that differs. Returns how to stop. */
  follow: (tell: (state: T) => void, fail: (error: Error) => void) => () => void;
};

type Listener<T> = { tell: (state: T) => void; fail: (error: Error) => void };

/** Polling, because change notices of file systems are not kept everywhere: over the network, in containers, on clusters. */
export function follower<T>(look: () => Promise<T>, everyMs: number): Follower<T> {
  const listeners = new Set<Listener<T>>();
  let last: { state: T; text: string } | undefined;
  let looking = false;

  const keepLooking = async (): Promise<void> => {
    looking = true;
    while (listeners.size > 0) {
      try {
        const state = await look();
        const text = JSON.stringify(state);
        const changed = text !== last?.text;
        last = { state, text };
        if (changed) for (const { tell } of listeners) tell(state);
      } catch (error) {
        for (const { fail } of listeners) fail(error as Error);
      }
      await sleep(everyMs, undefined, { ref: false });
    }
    last = undefined;
    looking = false;
  };

  return {
    follow: (tell, fail) => {
      const listener = { tell, fail };
      listeners.add(listener);
      if (last) tell(last.state);
      if (!looking) void keepLooking();
      return () => listeners.delete(listener);
    },
  };
}
