import { useState } from "preact/hooks";
import type { DraftRequest, FormFacts, RunView } from "../../../api.js";
import { Heading } from "../../parts/heading.js";
import { Loading } from "../../parts/loading.js";
import { answer, api, until } from "../../state/api.js";
import { useLoaded } from "../../state/loaded.js";
import { useQuery, useTitle } from "../../state/place.js";
import { emptyForm, fieldsOf } from "./fields.js";
import { ScenarioForm } from "./scenario-form.js";
import { Written } from "./written.js";

/** A form that writes a scenario, the YAML it makes, and the start of it. */
export function NewRunPage() {
  useTitle("New run");
  const from = useQuery().get("from");
  const facts = useLoaded((signal) => answer(api.form.$get({}, until(signal))), []);
  const model = useLoaded(
    async (signal) =>
      from === null ? null : await answer(api.run.$get({ query: { run: from } }, until(signal))),
    [from],
  );
  if (!facts || model === undefined) return <Loading />;
  return <NewRun facts={facts} model={model} />;
}

function NewRun({ facts, model }: { facts: FormFacts; model: RunView | null }) {
  const [form, setForm] = useState(() => emptyForm(facts));
  const [byHand, setByHand] = useState<string | null>(model?.scenario ?? null);
  const request: DraftRequest = byHand === null ? { fields: fieldsOf(form, facts.schema) } : { yaml: byHand };
  return (
    <>
      <Heading>New run</Heading>
      <div class="split form-split">
        <ScenarioForm facts={facts} form={form} change={setForm} />
        <Written request={request} write={setByHand} copied={model?.entry.id} />
      </div>
    </>
  );
}
