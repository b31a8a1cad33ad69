import { useEffect, useRef, useState } from "preact/hooks";
import type { RunView } from "../../../api.js";
import { Choice, Field, TextInput } from "../../parts/controls.js";
import { Loading } from "../../parts/loading.js";
import { RunHead } from "../../parts/run-head.js";
import { answer, api, until } from "../../state/api.js";
import { useLoaded } from "../../state/loaded.js";
import { useQuery, useTitle } from "../../state/place.js";
import { Column } from "./column.js";
import { Composer } from "./composer.js";
import { roundName } from "./side.js";
import { type Settings, type Talk, useTalk } from "./use-talk.js";

/** Talk with one checkpoint of a run, or with two at once. */
export function ChatPage() {
  const query = useQuery();
  const run = query.get("run") ?? "";
  const view = useLoaded((signal) => answer(api.run.$get({ query: { run } }, until(signal))), [run]);
  const asked = query.get("system");
  const system = useLoaded(
    (signal) => (asked === null ? systemPrompt(run, signal) : Promise.resolve(asked)),
    [run, asked],
  );
  useTitle(view && `Chat · ${view.entry.name}`);
  if (!view || system === undefined) return <Loading />;
  return <Chat view={view} system={system} />;
}

function Chat({ view, system }: { view: RunView; system: string }) {
  const query = useQuery();
  const { checkpoints, entry } = view;
  const last = checkpoints.at(-1) ?? 0;
  const asked = Number(query.get("round") ?? last);
  const talk = useTalk(entry.id, checkpoints.includes(asked) ? asked : last);
  const [settings, setSettings] = useState<Settings>({ temperature: 1, max_tokens: 48, system });
  const change = (part: Partial<Settings>) => setSettings((before) => ({ ...before, ...part }));
  return (
    <>
      <RunHead run={entry} view="chat" />
      <Controls checkpoints={checkpoints} talk={talk} settings={settings} change={change} />
      <div class="chat">
        <System system={settings.system} change={(text) => change({ system: text })} />
        <div class="columns" data-sides={talk.sides.length}>
          {talk.sides.map((side) => (
            <Column key={side.key} side={side} />
          ))}
        </div>
        <Composer
          first={query.get("say") ?? ""}
          busy={talk.busy}
          say={(text) => talk.say(text, settings)}
          stop={talk.stop}
          clear={() => talk.restart()}
        />
      </div>
    </>
  );
}

type ControlsProps = {
  checkpoints: readonly number[];
  talk: Talk;
  settings: Settings;
  change: (part: Partial<Settings>) => void;
};

function Controls({ checkpoints, talk, settings, change }: ControlsProps) {
  const options = checkpoints.map((round) => ({ value: String(round), label: roundName(round) }));
  const rounds = talk.sides.map(({ round }) => round);
  const [left = 0, right] = rounds;
  const number = (name: "temperature" | "max_tokens") => (text: string) => {
    if (text !== "" && Number.isFinite(Number(text))) change({ [name]: Number(text) });
  };
  return (
    <div class="filters">
      <Field label="Checkpoint">
        <Choice
          options={options}
          value={String(left)}
          onChange={(value) => talk.restart([Number(value), ...rounds.slice(1)])}
        />
      </Field>
      <Field label="Beside it">
        <Choice
          options={[{ value: "", label: "nothing" }, ...options]}
          value={right === undefined ? "" : String(right)}
          onChange={(value) => talk.restart(value === "" ? [left] : [left, Number(value)])}
        />
      </Field>
      <Field label="Temperature">
        <TextInput
          type="number"
          min={0}
          max={2}
          step={0.1}
          value={settings.temperature}
          onValue={number("temperature")}
        />
      </Field>
      <Field label="Longest reply, tokens">
        <TextInput
          type="number"
          min={1}
          max={4096}
          value={settings.max_tokens}
          onValue={number("max_tokens")}
        />
      </Field>
    </div>
  );
}

function System({ system, change }: { system: string; change: (text: string) => void }) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (details.current) details.current.open = system !== "";
  }, []);
  return (
    <details ref={details} class="system">
      <summary>System prompt</summary>
      <textarea
        rows={3}
        spellcheck={false}
        aria-label="System prompt"
        value={system}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </details>
  );
}

/** The prompt that the assistant had in the run's own conversations. */
async function systemPrompt(run: string, signal: AbortSignal): Promise<string> {
  const { rows } = await answer(api.conversations.$get({ query: { run, limit: "1" } }, until(signal)));
  const [first] = rows;
  if (!first) return "";
  const query = { run, round: String(first.round), id: first.id };
  const { interaction } = await answer(api.conversation.$get({ query }, until(signal)));
  return interaction.messages.find(({ role }) => role === "system")?.content ?? "";
}
