import type { ComponentChildren } from "preact";
import { Field, TextInput } from "./controls.js";
import { Reset } from "./reset.js";

/** What a list is filtered by, as it stands in the controls; empty where it does not matter. */
export type FilterBy<Name extends string> = Readonly<Record<Name | "text", string>>;

/** Reads a filter of these fields in an address; without one it lets everything pass. */
export function filterOf<const Name extends string>(
  names: readonly Name[],
): (query?: URLSearchParams) => FilterBy<Name> {
  return (query = new URLSearchParams()) =>
    Object.fromEntries(["text", ...names].map((name) => [name, query.get(name) ?? ""])) as FilterBy<Name>;
}

type FormProps = {
  /** What is filtered. */
  label: string;
  text: string;
  setText: (text: string) => void;
  reset: () => void;
  children: ComponentChildren;
};

/** The controls above a list: the search for words, those of the list, and the way back to all of it. */
export function FilterForm({ label, text, setText, reset, children }: FormProps) {
  return (
    <search>
      <form class="filters" aria-label={label} onSubmit={(event) => event.preventDefault()}>
        <Field label="Search">
          <TextInput type="search" value={text} placeholder="Words that were said" onValue={setText} />
        </Field>
        {children}
        <Reset reset={reset} />
      </form>
    </search>
  );
}
