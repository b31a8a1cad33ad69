import type { ProbeTable } from "../../../api.js";
import { Check, Choice, Field, orAll, TextInput } from "../../parts/controls.js";
import { Reset } from "../../parts/reset.js";
import { useVerdicts } from "../../state/suites.js";

const NAMES = ["text", "suite", "subset", "verdict", "round", "changed"] as const;

/** What probes are filtered by, as it stands in the controls; empty where it does not matter. */
export type Filter = Readonly<Record<(typeof NAMES)[number], string>>;

/** The filter in an address, or one that lets everything pass. */
export function filterIn(query = new URLSearchParams()): Filter {
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""])) as Filter;
}

type Props = { filter: Filter; table: ProbeTable; change: (filter: Filter) => void };

/** The controls above the list. */
export function Filters({ filter, table, change }: Props) {
  const verdictOf = useVerdicts();
  const set = (name: keyof Filter) => (value: string) => change({ ...filter, [name]: value });
  const suites = table.suites.map(({ suite }) => suite);
  const subsets = table.suites
    .filter(({ suite }) => filter.suite === "" || suite === filter.suite)
    .flatMap((suite) => suite.subsets);
  const verdicts = table.verdicts.map((verdict) => ({ value: verdict, label: verdictOf(verdict).label }));
  return (
    <search>
      <form class="filters" aria-label="Filter probes" onSubmit={(event) => event.preventDefault()}>
        <Field label="Search">
          <TextInput
            type="search"
            value={filter.text}
            placeholder="Words that were said"
            onValue={set("text")}
          />
        </Field>
        {suites.length > 1 && (
          <Field label="Suite">
            <Choice
              options={orAll("All suites", suites)}
              value={filter.suite}
              onChange={(suite) => change({ ...filter, suite, subset: "" })}
            />
          </Field>
        )}
        <Field label="Kind">
          <Choice
            options={orAll("All kinds", [...new Set(subsets)])}
            value={filter.subset}
            onChange={set("subset")}
          />
        </Field>
        <Field label="Verdict">
          <Choice
            options={[{ value: "", label: "All verdicts" }, ...verdicts]}
            value={filter.verdict}
            onChange={set("verdict")}
          />
        </Field>
        <Field label="After round">
          <Choice options={orAll("any", table.rounds)} value={filter.round} onChange={set("round")} />
        </Field>
        <Check checked={filter.changed !== ""} onChange={(on) => set("changed")(on ? "1" : "")}>
          Verdict changed
        </Check>
        <Reset reset={() => change(filterIn())} />
      </form>
    </search>
  );
}
