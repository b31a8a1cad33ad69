import { type Budget, overBudget, spentBy } from "./budget.js";
import type { UsageByRole, UsageStore } from "./usage-log.js";

/** What a run, and those that share its budget, have spent of it. */
export type Spending = {
  /** Why nothing more may be spent, or null while something may. Rejects where what others have used cannot be told. */
  over: () => Promise<string | null>;
  /** Counts what the runs have used that a store knows of beside its own. */
  watch: (store: UsageStore) => void;
};

const LOOK_BESIDE_EVERY_MS = 2_000;

export function openSpending(budget: Budget | null, own: () => UsageByRole): Spending {
  const beside = besideReader();
  return {
    over: async () => budget && overBudget(spentBy([own(), ...(await beside.read())], budget.prices), budget),
    watch: beside.watch,
  };
}

/** What the other runs of a sweep have spent, looked up now and then. */
function besideReader() {
  let watched: UsageStore | undefined;
  let seen: readonly UsageByRole[] = [];
  let looked = Number.NEGATIVE_INFINITY;
  return {
    watch: (store: UsageStore): void => {
      watched = store;
    },
    read: async (): Promise<readonly UsageByRole[]> => {
      if (watched?.readBeside && performance.now() - looked > LOOK_BESIDE_EVERY_MS) {
        looked = performance.now();
        seen = await watched.readBeside();
      }
      return seen;
    },
  };
}
