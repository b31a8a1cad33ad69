import { type ComponentChildren, cloneElement, type JSX, type VNode } from "preact";
import { useId } from "preact/hooks";

type Labelled = {
  label: string;
  help?: string;
  children: VNode<{ id?: string; "aria-describedby"?: string }>;
};

/** Letters of a help text that would make a narrow column of its own. */
const LONG = 200;

/** A control with its label and, beneath it, what it is for. */
export function Field({ label, help, children }: Labelled) {
  const id = useId();
  const described = help === undefined ? undefined : `${id}-help`;
  return (
    <div class={(help?.length ?? 0) > LONG ? "field wide" : "field"}>
      <label for={id}>{label}</label>
      {cloneElement(children, { id, "aria-describedby": described })}
      {help !== undefined && (
        <span class="help" id={described}>
          {help}
        </span>
      )}
    </div>
  );
}

export type Option = { value: string; label: string };

type ChoiceProps = {
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
  id?: string;
  "aria-label"?: string;
};

/** One of several. */
export function Choice({ options, value, onChange, ...rest }: ChoiceProps) {
  return (
    <select {...rest} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** Names as choices, after one for all of them. */
export function orAll(all: string, names: readonly (string | number)[]): Option[] {
  return [{ value: "", label: all }, ...names.map((name) => ({ value: String(name), label: String(name) }))];
}

type InputProps = Omit<JSX.IntrinsicElements["input"], "onInput" | "value"> & {
  value: string | number;
  onValue: (value: string) => void;
};

/** A line to type in. */
export function TextInput({ onValue, ...rest }: InputProps) {
  return (
    <input
      autocomplete="off"
      spellcheck={false}
      {...rest}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  );
}

type CheckProps = {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ComponentChildren;
};

/** A box to tick, with its words beside it. */
export function Check({ checked, onChange, children }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {children}
    </label>
  );
}
