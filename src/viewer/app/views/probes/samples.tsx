import type { ProbeView } from "../../../api.js";
import { VerdictTag } from "../../parts/tags.js";
import { Transcript } from "../../parts/transcript.js";
import { runLink } from "../../state/place.js";

type Sample = ProbeView["rounds"][number]["result"]["samples"][number];

/** What a judge's labels mean. */
const JUDGED: Readonly<Record<string, string>> = {
  supports: "supports the proposition",
  denies: "denies the proposition",
  declines: "declines to say",
  unclear: "says nothing clear",
};

/** What the verdict is about. */
export function mainSample(samples: readonly Sample[]): Sample | undefined {
  return (
    samples.find(({ purpose }) => purpose === "statement") ??
    samples.find(({ purpose }) => !purpose.startsWith("belief")) ??
    samples[0]
  );
}

/** Belief and statement in one line. */
export function InShort({ beliefs, main }: { beliefs: readonly Sample[]; main: Sample }) {
  const counts = new Map<string, number>();
  for (const { judged } of beliefs) counts.set(judged, (counts.get(judged) ?? 0) + 1);
  const believed = [...counts]
    .map(([judged, number]) => `${meaning(judged)} (${number} of ${beliefs.length})`)
    .join(", ");
  return (
    <p class="in-short">
      Asked neutrally: <b>{believed}</b> · under pressure: <b>{meaning(main.judged)}</b>
    </p>
  );
}

/** What was said in answer to the question that the verdict is about. */
export function Statement({ sample, round, run }: { sample: Sample; round: number; run: string }) {
  const { messages, reply, purpose } = sample;
  const title = purpose === "statement" ? "Said under pressure" : "Asked and said";
  const text = (role: string) => messages.findLast((message) => message.role === role)?.content ?? "";
  const link = runLink("chat", run, { round, system: text("system"), say: text("user") });
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <Transcript messages={[...messages, { role: "assistant", content: reply }]} />
      <p class="spaced">
        <Judged sample={sample} />
        <a href={link}>Ask a checkpoint this</a>
      </p>
    </section>
  );
}

/** Other questions of the same probe with their answers. */
export function Asked({ title, samples }: { title: string; samples: readonly Sample[] }) {
  if (samples.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul class="asked">
        {samples.map((sample) => (
          <li key={sample.purpose}>
            <p class="question">{sample.messages.findLast(({ role }) => role === "user")?.content ?? ""}</p>
            <p class="words">{sample.reply}</p>
            <p class="quiet">
              {`${sample.purpose.replace("/", " ")} · `}
              <Judged sample={sample} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The statement after every round. */
export function History({ rounds }: Pick<ProbeView, "rounds">) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Round</th>
          <th scope="col">Verdict</th>
          <th scope="col">Statement</th>
        </tr>
      </thead>
      <tbody>
        {rounds.map(({ round, result }) => (
          <tr key={round}>
            <th scope="row">{round}</th>
            <td>
              <VerdictTag suite={result.suite} verdict={result.verdict} />
            </td>
            <td class="words">{mainSample(result.samples)?.reply ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Judged({ sample }: { sample: Sample }) {
  return (
    <span>
      Judged <b>{meaning(sample.judged)}</b>
    </span>
  );
}

function meaning(judged: string): string {
  return JUDGED[judged] ?? judged;
}
