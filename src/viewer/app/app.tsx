import type { ComponentChildren, ComponentType } from "preact";
import { useErrorBoundary, useRef } from "preact/hooks";
import { Frame } from "./parts/frame.js";
import { Heading } from "./parts/heading.js";
import { PlaceContext, placeLink, usePlace } from "./state/place.js";
import { useSearchKey } from "./state/search-key.js";
import { ChatPage } from "./views/chat/chat-view.js";
import { ComparePage } from "./views/compare/compare-view.js";
import { ConversationsPage } from "./views/conversations/conversations-view.js";
import { NewRunPage } from "./views/new-run/new-run-view.js";
import { ProbesPage } from "./views/probes/probes-view.js";
import { RunPage } from "./views/run/run-view.js";
import { RunsPage } from "./views/runs/runs-view.js";
import { SweepPage } from "./views/sweep/sweep-view.js";

/** A view by the path that leads to it. A full one fills the window and scrolls inside. */
const VIEWS: Readonly<Record<string, { View: ComponentType; full?: boolean }>> = {
  "": { View: RunsPage },
  compare: { View: ComparePage },
  sweep: { View: SweepPage },
  run: { View: RunPage },
  conversations: { View: ConversationsPage, full: true },
  probes: { View: ProbesPage, full: true },
  chat: { View: ChatPage, full: true },
  new: { View: NewRunPage },
};

/** The whole page. */
export function App() {
  const place = usePlace();
  const main = useRef<HTMLElement>(null);
  useSearchKey(main);
  const { View, full = false } = (Object.hasOwn(VIEWS, place.path) && VIEWS[place.path]) || {
    View: NothingHere,
  };
  return (
    <PlaceContext.Provider value={place}>
      <Frame path={place.path} main={main} full={full}>
        <Boundary key={place.visit}>
          <View />
        </Boundary>
      </Frame>
    </PlaceContext.Provider>
  );
}

/** A view that failed is told of in its place. */
function Boundary({ children }: { children: ComponentChildren }) {
  const [error] = useErrorBoundary() as [Error | undefined, () => void];
  if (!error) return <>{children}</>;
  return (
    <>
      <Heading>That did not work</Heading>
      <p class="problem" role="alert">
        {error.message}
      </p>
      <p>
        <a href={placeLink("")}>All runs</a>
      </p>
    </>
  );
}

function NothingHere() {
  return (
    <>
      <Heading>Nothing here</Heading>
      <p>
        This address leads nowhere. <a href={placeLink("")}>All runs</a>
      </p>
    </>
  );
}
