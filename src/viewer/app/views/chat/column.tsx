import { useEffect, useRef } from "preact/hooks";
import { roundName, type Side, type Turn } from "./side.js";

/** What was said with one checkpoint; the latest of it is in sight. */
export function Column({ side }: { side: Side }) {
  const name = roundName(side.round);
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [side.turns]);
  return (
    <section class="card" aria-label={name}>
      <h2>{name}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
      <div ref={log} class="log" role="log" aria-label={`Talk with ${name}`} tabIndex={0}>
        {side.turns.length === 0 && <p class="quiet">Nothing has been said yet.</p>}
        <ol class="transcript">
          {side.turns.map((turn, at) => (
            <Bubble key={at} turn={turn} />
          ))}
        </ol>
      </div>
    </section>
  );
}

function Bubble({ turn }: { turn: Turn }) {
  const { role, text, note, problem, busy } = turn;
  return (
    <li class={`said ${role}`} aria-busy={busy}>
      <span class="who">{role === "user" ? "You" : "Assistant"}</span>
      <p class="words">{text}</p>
      <p class="note">
        {note}
        {problem !== undefined && (
          <span class="problem" role="alert">
            {problem}
          </span>
        )}
      </p>
    </li>
  );
}
