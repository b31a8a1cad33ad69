import type { RunView } from "../../../api.js";
import { placeLink } from "../../state/place.js";

/** How a run is made: its scenario, versions and hashes. */
export function Details({ view }: { view: RunView }) {
  const { scenario, versions, inputs, entry } = view;
  const hashes = [
    ["Candor", versions.candor],
    ["Node", versions.node],
    ["Scenario", versions.hash],
    ...Object.entries(inputs),
  ] as const;
  return (
    <>
      <h2>How it is made</h2>
      <details class="card">
        <summary>Scenario, with every default</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
        <pre tabIndex={0}>{scenario}</pre>
        <p>
          <a href={placeLink("new", { from: entry.id })}>Start one like it</a>
        </p>
      </details>
      <details class="card">
        <summary>Versions and hashes</summary>
        <dl class="pairs">
          {hashes.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
