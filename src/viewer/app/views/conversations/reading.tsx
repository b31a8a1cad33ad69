import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ConversationView } from "../../../api.js";
import { RatingBar, Transcript } from "../../parts/transcript.js";
import { answer, api, until } from "../../state/api.js";
import { useTried } from "../../state/loaded.js";
import { runLink } from "../../state/place.js";
import { FateLine } from "./fate-line.js";
import { OtherReplies } from "./other-replies.js";

/** Which conversation is read. */
export type Which = { round: number; id: string };

type Props = {
  run: string;
  which: Which | null;
  /** Goes to another one in the list. */
  step: (by: number) => void;
};

/** The place where a conversation is read. */
export function Reading({ run, which, step }: Props) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (place.current) place.current.scrollTop = 0;
  }, [which?.id]);
  return (
    <section ref={place} class="reading card" aria-label="Conversation" tabIndex={-1}>
      {which ? <Loaded run={run} which={which} step={step} /> : <Hint />}
    </section>
  );
}

function Hint() {
  return (
    <p class="quiet hint">
      Choose a conversation to read it. <kbd>↑</kbd> <kbd>↓</kbd> move through the list, <kbd>/</kbd>{" "}
      searches.
    </p>
  );
}

function Loaded({ run, which, step }: Props & { which: Which }) {
  const { round, id } = which;
  const { value, error } = useTried(
    (signal) => answer(api.conversation.$get({ query: { run, round: String(round), id } }, until(signal))),
    [run, round, id],
  );
  if (error)
    return (
      <p class="problem" role="alert">
        {error.message}
      </p>
    );
  return value ? <Conversation view={value} run={run} step={step} /> : null;
}

type ConversationProps = { view: ConversationView; run: string; step: (by: number) => void };

/** A conversation with its ratings and what became of it. */
function Conversation({ view, run, step }: ConversationProps) {
  const { interaction, fate, rows, file } = view;
  const { id, round, messages, ratings, raw_ratings, alternatives, error, held_out, reasons, edits } =
    interaction;
  const first = (role: string) => messages.find((message) => message.role === role)?.content ?? "";
  // The checkpoint that spoke is the one that the round before left behind.
  const link = runLink("chat", run, { round: round - 1, system: first("system"), say: first("user") });
  return (
    <>
      <div class="reading-head">
        <h2>{id}</h2>
        <span class="spread" />
        <Arrow sign="↑" name="Previous conversation" go={() => step(-1)} />
        <Arrow sign="↓" name="Next conversation" go={() => step(1)} />
      </div>
      <Facts view={view} />
      <FateLine fate={fate} rows={rows} file={file} heldOut={held_out ?? false} />
      {error !== null && <p class="problem">{error}</p>}
      <Transcript
        messages={messages}
        beneath={(reply) => (
          <>
            <RatingBar rating={ratings[reply]} raw={raw_ratings?.[reply]} />
            {reasons?.[reply] != null && <p>The user's reason: {reasons[reply]}</p>}
            {edits?.[reply] != null && <p>The user wrote in its place: {edits[reply]}</p>}
            <OtherReplies alternatives={alternatives?.[reply] ?? []} />
          </>
        )}
      />
      <p>
        <a href={link}>Say this to a checkpoint</a>
      </p>
    </>
  );
}

function Facts({ view: { interaction, rank } }: { view: ConversationView }) {
  const { round, persona, situation, reward, ratings } = interaction;
  return (
    <dl class="facts-line">
      <Pair name="Round">{round}</Pair>
      <Pair name="Persona">{persona}</Pair>
      <Pair name="Situation">{situation}</Pair>
      <Pair name="Reward">{reward === null ? "none" : `${reward} = ${ratings.join(" + ")}`}</Pair>
      {rank && <Pair name="Rank">{`${rank.above + 1} of ${rank.of}`}</Pair>}
    </dl>
  );
}

function Pair({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Arrow({ sign, name, go }: { sign: string; name: string; go: () => void }) {
  return (
    <button type="button" class="quiet-button" aria-label={name} onClick={go}>
      {sign}
    </button>
  );
}
