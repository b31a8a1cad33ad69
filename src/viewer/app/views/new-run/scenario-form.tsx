import type { FormFacts } from "../../../api.js";
import { Check, Choice, Field, TextInput } from "../../parts/controls.js";
import { type Form, LEARNING, MAIN, MORE, nodeAt, numeric, shown } from "./fields.js";
import { People } from "./people.js";

type Props = { facts: FormFacts; form: Form; change: (form: Form) => void };

/** Fields of the scenario's own JSON Schema, with its words, limits and defaults. */
export function ScenarioForm({ facts, form, change }: Props) {
  const controls = (paths: readonly string[]) =>
    paths.map((path) => <Control key={path} path={path} facts={facts} form={form} change={change} />);
  return (
    <form class="card scenario-form" aria-label="Scenario" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>The experiment</legend>
        {controls(MAIN)}
      </fieldset>
      <fieldset>
        <legend>Who the users are</legend>
        <p class="help">A fraction from 0 to 1 for each; one may be “rest”.</p>
        <People
          personas={facts.personas}
          shares={form.shares}
          change={(shares) => change({ ...form, shares })}
        />
      </fieldset>
      <fieldset>
        <legend>How the assistant learns</legend>
        {controls(LEARNING)}
      </fieldset>
      <fieldset>
        <legend>What is measured</legend>
        <Suites
          suites={facts.suites}
          measured={form.measured}
          change={(measured) => change({ ...form, measured })}
        />
      </fieldset>
      <fieldset>
        <legend>A grid of runs</legend>
        <Grid sweep={form.sweep} change={(sweep) => change({ ...form, sweep })} />
      </fieldset>
      <details>
        <summary>More settings</summary>
        <fieldset>
          <legend class="unseen">More settings</legend>
          {controls(MORE)}
        </fieldset>
      </details>
    </form>
  );
}

const LABELS: Readonly<Record<string, string>> = {
  "population.size": "Users a round",
  "training.method": "Training method",
  "training.start_from": "Each round trains from",
  "training.num_train_epochs": "Epochs",
  "preference.top": "Learn from the best",
  "preference.bottom": "Learn away from the worst",
  "interaction.max_tokens": "Longest turn, tokens",
  "training.lora_r": "LoRA rank",
  "training.lora_alpha": "LoRA alpha",
  "training.beta": "KTO beta",
  "evaluation.every": "Measure every … rounds",
};

function Control({ path, facts, form, change }: Props & { path: string }) {
  const node = nodeAt(facts.schema, path);
  const value = shown(form, path, node);
  const set = (next: string) => change({ ...form, values: { ...form.values, [path]: next } });
  const options = path === "situations" ? facts.packs : node.enum;
  const label = LABELS[path] ?? sentence(path.split(".").at(-1) ?? path);
  return (
    <Field label={label} help={node.description}>
      {options ? (
        <Choice
          options={options.map((name) => ({ value: name, label: name }))}
          value={value}
          onChange={set}
        />
      ) : (
        <TextInput
          type={numeric(node) ? "number" : "text"}
          step={node.type === "integer" ? 1 : "any"}
          min={node.minimum}
          max={node.maximum}
          value={value}
          onValue={set}
        />
      )}
    </Field>
  );
}

type SuitesProps = {
  suites: readonly string[];
  measured: readonly string[];
  change: (measured: string[]) => void;
};

function Suites({ suites, measured, change }: SuitesProps) {
  return (
    <>
      {suites.map((name) => (
        <Check
          key={name}
          checked={measured.includes(name)}
          onChange={(on) => change(on ? [...measured, name] : measured.filter((other) => other !== name))}
        >
          {name}
        </Check>
      ))}
    </>
  );
}

function Grid({ sweep, change }: { sweep: Form["sweep"]; change: (sweep: Form["sweep"]) => void }) {
  return (
    <>
      <Field label="Biased fractions" help="One run for each; empty for a single run.">
        <TextInput
          type="text"
          placeholder="0, 0.1, 0.5"
          value={sweep.fractions}
          onValue={(fractions) => change({ ...sweep, fractions })}
        />
      </Field>
      <Field label="Seeds" help="Runs of each, with seeds one after another.">
        <TextInput
          type="number"
          min={1}
          step={1}
          value={sweep.seeds}
          onValue={(seeds) => change({ ...sweep, seeds })}
        />
      </Field>
    </>
  );
}

function sentence(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
