import type { InferRequestType } from "hono/client";
import type { Facets } from "../../../api.js";
import { count, FATE } from "../../format.js";
import { Choice, Field, orAll, TextInput } from "../../parts/controls.js";
import { FilterForm, filterOf } from "../../parts/filter.js";
import type { api } from "../../state/api.js";

/** The filter of conversations in an address, or one that lets everything pass. */
export const filterIn = filterOf(["round", "persona", "situation", "fate", "min", "max", "order"]);

export type Filter = ReturnType<typeof filterIn>;

type Asked = Omit<InferRequestType<typeof api.conversations.$get>["query"], "run" | "offset" | "limit">;

/** A filter as a request has it. Words that no filter knows are the server's to refuse. */
export function asked(filter: Filter): Asked {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== "")) as Asked;
}

type Props = {
  filter: Filter;
  /** What there is to filter by; undefined until it is known. */
  facets: Facets | undefined;
  change: (filter: Filter) => void;
};

/** The controls above the list. */
export function Filters({ filter, facets, change }: Props) {
  const set = (name: keyof Filter) => (value: string) => change({ ...filter, [name]: value });
  const rounds = facets?.rounds.map(({ round, count: held }) => ({
    value: String(round),
    label: `${round} (${count(held)})`,
  }));
  const fates = Object.entries(FATE).map(([value, label]) => ({ value, label }));
  return (
    <FilterForm
      label="Filter conversations"
      text={filter.text}
      setText={set("text")}
      reset={() => change(filterIn())}
    >
      <Field label="Round">
        <Choice
          options={[{ value: "", label: "All rounds" }, ...(rounds ?? [])]}
          value={filter.round}
          onChange={set("round")}
        />
      </Field>
      <Field label="Persona">
        <Choice
          options={orAll("All personas", facets?.personas ?? [])}
          value={filter.persona}
          onChange={set("persona")}
        />
      </Field>
      <Field label="Situation">
        <Choice
          options={orAll("All situations", facets?.situations ?? [])}
          value={filter.situation}
          onChange={set("situation")}
        />
      </Field>
      <Field label="In training">
        <Choice
          options={[{ value: "", label: "All" }, ...fates]}
          value={filter.fate}
          onChange={set("fate")}
        />
      </Field>
      <RewardRange filter={filter} facets={facets} set={set} />
      <Field label="Order">
        <Choice options={ORDERS} value={filter.order} onChange={set("order")} />
      </Field>
    </FilterForm>
  );
}

const ORDERS = [
  { value: "", label: "As held" },
  { value: "high", label: "Highest reward" },
  { value: "low", label: "Lowest reward" },
];

type RangeProps = Omit<Props, "change"> & { set: (name: keyof Filter) => (value: string) => void };

function RewardRange({ filter, facets, set }: RangeProps) {
  const rewards = facets?.rewards ?? undefined;
  const end = (name: "min" | "max", label: string) => (
    <TextInput
      type="number"
      inputMode="decimal"
      placeholder={String(rewards?.[name] ?? "")}
      min={rewards?.min}
      max={rewards?.max}
      value={filter[name]}
      aria-label={label}
      onValue={set(name)}
    />
  );
  return (
    <fieldset class="range">
      <legend>Reward</legend>
      {end("min", "Lowest reward")}
      <span aria-hidden="true">–</span>
      {end("max", "Highest reward")}
    </fieldset>
  );
}
