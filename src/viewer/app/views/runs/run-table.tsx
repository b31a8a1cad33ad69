import { useState } from "preact/hooks";
import type { RunEntry } from "../../../api.js";
import { ScrollRegion } from "../../parts/scroll-region.js";
import { commonBottom } from "../../parts/small-curve.js";
import { type Group, toggled } from "./groups.js";
import { RunRow } from "./run-row.js";
import { SweepRow } from "./sweep-row.js";

type Props = {
  groups: readonly Group[];
  /** All runs there are: their curves have one scale. */
  all: readonly RunEntry[];
  /** Whether every sweep shows its runs. */
  unfold: boolean;
  picked: ReadonlySet<string>;
  pick: (id: string) => void;
};

/** Runs and sweeps with how they stand. */
export function RunTable({ groups, all, unfold, picked, pick }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const bottom = commonBottom(all);
  const row = (run: RunEntry) => (
    <RunRow key={run.id} run={run} bottom={bottom} picked={picked.has(run.id)} pick={() => pick(run.id)} />
  );
  return (
    <ScrollRegion class="card" label="Runs and sweeps">
      <table class="runs">
        <caption class="unseen">Runs and sweeps</caption>
        <Head />
        <tbody>
          {groups.flatMap((group) => {
            if (group.kind === "run") return [row(group.run)];
            const { sweep, shown } = group;
            const opened = unfold || open.has(sweep.id);
            const head = (
              <SweepRow
                key={sweep.id}
                sweep={sweep}
                opened={opened}
                toggle={() => setOpen((before) => toggled(before, sweep.id))}
                picked={picked.has(sweep.id)}
                pick={() => pick(sweep.id)}
              />
            );
            return opened ? [head, ...shown.map(row)] : [head];
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span class="unseen">Compare</span>
        </th>
        <th scope="col">Name</th>
        <th scope="col">Status</th>
        <th scope="col" class="number roomy">
          Learnt from
        </th>
        <th scope="col" class="roomy">
          Method
        </th>
        <th scope="col" class="number roomy">
          Seed
        </th>
        <th scope="col" class="number roomy">
          Rounds
        </th>
        <th scope="col">Honesty</th>
        <th scope="col" class="roomy">
          Changed
        </th>
      </tr>
    </thead>
  );
}
