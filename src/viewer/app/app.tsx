import type { ComponentType } from "preact";
import { useEffect, useErrorBoundary, useRef } from "preact/hooks";
import { Legacy } from "./legacy.js";
import { Frame } from "./parts/frame.js";
import { Heading } from "./parts/heading.js";
import { PlaceContext, usePlace } from "./state/place.js";
import { chat } from "./views/chat.js";
import { compare } from "./views/compare.js";
import { conversations } from "./views/conversations.js";
import { newRun } from "./views/new-run.js";
import { probes } from "./views/probes.js";
import { run } from "./views/run.js";
import { RunsView } from "./views/runs/runs-view.js";
import { sweep } from "./views/sweep.js";

const old = (view: any) => () => <Legacy view={view} />;

const VIEWS: Readonly<Record<string, ComponentType>> = {
  "": RunsView,
  compare: old(compare),
  sweep: old(sweep),
  run: old(run),
  conversations: old(conversations),
  probes: old(probes),
  chat: old(chat),
  new: old(newRun),
};

/** Views that fill the window and scroll inside. */
const FULL = new Set(["conversations", "probes", "chat"]);

/** The whole page. */
export function App() {
  const place = usePlace();
  const main = useRef<HTMLElement>(null);
  useSearchKey(main);
  const View = VIEWS[place.path] ?? NothingHere;
  return (
    <PlaceContext.Provider value={place}>
      <Frame path={place.path} main={main} full={FULL.has(place.path)}>
        <Boundary key={place.visit}>
          <View />
        </Boundary>
      </Frame>
    </PlaceContext.Provider>
  );
}

/** A view that failed is told of in its place. */
function Boundary({ children }: { children: preact.ComponentChildren }) {
  const [error] = useErrorBoundary() as [Error | undefined, () => void];
  if (!error) return <>{children}</>;
  return (
    <>
      <Heading>That did not work</Heading>
      <p class="problem" role="alert">
        {error.message}
      </p>
    </>
  );
}

function NothingHere() {
  return (
    <>
      <Heading>Nothing here</Heading>
      <p>
        This address leads nowhere. <a href="#/">All runs</a>
      </p>
    </>
  );
}

/** "/" leads to the search field of the view that has one. */
function useSearchKey(main: { current: HTMLElement | null }): void {
  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.matches("input, textarea, select")) return;
      const search = main.current?.querySelector<HTMLInputElement>("input[type=search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    };
    document.addEventListener("keydown", find);
    return () => document.removeEventListener("keydown", find);
  }, [main]);
}
