import type { ProbeTable } from "../../../api.js";
import { Check, Choice, Field, orAll } from "../../parts/controls.js";
import { FilterForm, filterOf } from "../../parts/filter.js";
import { useVerdicts } from "../../state/suites.js";
import type { Order } from "./order.js";

/** The filter of probes in an address, or one that lets everything pass. */
export const filterIn = filterOf(["suite", "subset", "verdict", "round", "changed", "order"]);

export type Filter = ReturnType<typeof filterIn>;

type Props = {
  filter: Filter;
  table: ProbeTable;
  /** The order that the list has. */
  order: Order | undefined;
  change: (filter: Filter) => void;
};

const ORDERS: readonly { value: Order; label: string }[] = [
  { value: "file", label: "as they were put" },
  { value: "moved", label: "furthest moved" },
];

/** The controls above the list. */
export function Filters({ filter, table, order, change }: Props) {
  const verdictOf = useVerdicts();
  const set = (name: keyof Filter) => (value: string) => change({ ...filter, [name]: value });
  const suites = table.suites.map(({ suite }) => suite);
  const subsets = table.suites
    .filter(({ suite }) => filter.suite === "" || suite === filter.suite)
    .flatMap((suite) => suite.subsets);
  const verdicts = table.verdicts.map((verdict) => ({ value: verdict, label: verdictOf(verdict).label }));
  return (
    <FilterForm
      label="Filter probes"
      text={filter.text}
      setText={set("text")}
      reset={() => change(filterIn())}
    >
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
      {order && (
        <Field label="Order">
          <Choice options={ORDERS} value={order} onChange={set("order")} />
        </Field>
      )}
    </FilterForm>
  );
}
