import { useState } from "preact/hooks";
import type { Comparison } from "../../../api.js";
import { answer, api, until } from "../../state/api.js";
import { useTried } from "../../state/loaded.js";
import { useQuery } from "../../state/place.js";
import { Check, Choice, Field } from "../controls.js";
import { Figure } from "./figure.js";
import { Numbers } from "./numbers.js";
import { Settings } from "./settings.js";
import { UnlikeProbes } from "./unlike-probes.js";

/** What of some runs is drawn. Empty names stand for what is found first. */
export type Chosen = { suite: string; metric: string; apart: boolean };

type Props = {
  /** Runs and sweeps by their ids. */
  ids: readonly string[];
  /** Another value asks anew. */
  version?: number;
  /** Whether there may be several seeds to pool. */
  seeds?: boolean;
  remember: (chosen: Chosen) => void;
};

/** A figure of runs over rounds, with a choice of what it shows and its numbers beneath. */
export function Curves({ ids, version = 0, seeds = false, remember }: Props) {
  const [chosen, setChosen] = useState(chosenIn(useQuery()));
  const { value, error, busy } = useTried(
    (signal) => ask(ids, chosen, signal),
    [ids.join("\n"), chosen, version],
  );
  const change = (part: Partial<Chosen>) => {
    const next = { ...chosen, ...part };
    setChosen(next);
    remember(next);
  };
  return (
    <section class="comparison" aria-label="Curves">
      <div class="controls">
        {value && value.metrics.length > 0 && <Measure comparison={value} change={change} />}
        {value && seeds && (
          <Check checked={chosen.apart} onChange={(apart) => change({ apart })}>
            Each seed by itself
          </Check>
        )}
      </div>
      <div aria-busy={busy}>
        {value && <Counted comparison={value} />}
        {value && <UnlikeProbes probes={value.probes} />}
        <Figure comparison={error ? undefined : value} problem={error?.message} />
        {value && value.rows.length > 0 && <Numbers rows={value.rows} />}
        {value && value.differing.length > 0 && <Settings comparison={value} />}
      </div>
    </section>
  );
}

/** What the drawn measure counts, where its suite says so. */
function Counted({ comparison: { metrics, suite, metric } }: { comparison: Comparison }) {
  const drawn = metrics.find((one) => one.suite === suite && one.metric === metric);
  return drawn?.counts === undefined ? null : <p class="quiet">{`${drawn.label}: ${drawn.counts}.`}</p>;
}

/** What the address chooses. */
export function chosenIn(query: URLSearchParams): Chosen {
  return { suite: query.get("suite") ?? "", metric: query.get("metric") ?? "", apart: query.has("apart") };
}

function Measure({
  comparison,
  change,
}: {
  comparison: Comparison;
  change: (part: Partial<Chosen>) => void;
}) {
  const { metrics, suite, metric } = comparison;
  const options = metrics.map((one) => ({ value: `${one.suite}/${one.metric}`, label: one.label }));
  return (
    <Field label="Measure">
      <Choice
        options={options}
        value={`${suite}/${metric}`}
        onChange={(value) => {
          const [suite = "", metric = ""] = value.split("/");
          change({ suite, metric });
        }}
      />
    </Field>
  );
}

function ask(
  ids: readonly string[],
  { suite, metric, apart }: Chosen,
  signal: AbortSignal,
): Promise<Comparison> {
  const query = {
    run: [...ids],
    apart: String(apart),
    ...(metric === "" ? {} : { suite, metric }),
  };
  return answer(api.compare.$get({ query }, until(signal)));
}
