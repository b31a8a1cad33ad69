import type { FormFacts } from "../../../api.js";
import { Choice, TextInput } from "../../parts/controls.js";
import type { Form } from "./fields.js";

type Props = {
  personas: FormFacts["personas"];
  shares: Form["shares"];
  change: (shares: Form["shares"]) => void;
};

/** Who the users are, and how many of each. */
export function People({ personas, shares, change }: Props) {
  const free = personas.filter(({ name }) => !shares.some(([taken]) => taken === name));
  const options = free.map(({ name, description }) => ({ value: name, label: `${name}: ${description}` }));
  return (
    <div class="people">
      {shares.map(([name, share]) => (
        <Person
          key={name}
          name={name}
          share={share}
          about={personas.find((persona) => persona.name === name)}
          set={(next) => change(shares.map((one) => (one[0] === name ? [name, next] : one)))}
          remove={() => change(shares.filter(([other]) => other !== name))}
        />
      ))}
      {free.length > 0 && (
        <Choice
          // A new one for each persona that joins: it shows the invitation again.
          key={shares.length}
          aria-label="Add a persona"
          options={[{ value: "", label: "Add a persona …" }, ...options]}
          value=""
          onChange={(name) => name !== "" && change([...shares, [name, "0.1"]])}
        />
      )}
    </div>
  );
}

type PersonProps = {
  name: string;
  share: string;
  about: FormFacts["personas"][number] | undefined;
  set: (share: string) => void;
  remove: () => void;
};

function Person({ name, share, about, set, remove }: PersonProps) {
  return (
    <div class="person">
      <span class="person-name">
        <b>{name}</b>
        {about && <small>{` ${about.thought} thought. ${about.description}`}</small>}
      </span>
      <TextInput type="text" size={6} value={share} aria-label={`Share of ${name}`} onValue={set} />
      <button type="button" class="quiet-button" aria-label={`Remove ${name}`} onClick={remove}>
        Remove
      </button>
    </div>
  );
}
