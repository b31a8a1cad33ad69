import { group } from "../../group.js";
import { talkKey } from "../logs/talk-key.js";
import type { StageKind } from "./types.js";

/** Of stages that compare raters: simulated users rate one conversation each until a panel has others rate it too. */
export const afterPanel =
  (kind: string): NonNullable<StageKind["misplaced"]> =>
  ({ before, source }) =>
    source.simulated && !before.includes("panel") ? `${kind} compares raters; put a panel before it` : null;

/** Of stages that compare raters: of logs somebody else must have marked a reply too. */
export const oneRaterEach =
  (kind: string): NonNullable<StageKind["idle"]> =>
  (_settings, known) => {
    if (known.from !== "logs") return null;
    const replies = group(known.logs.replies, ({ messages }) => talkKey(messages)).values();
    return [...replies].some((same) => new Set(same.map(({ user }) => user)).size > 1)
      ? null
      : { message: `no reply was marked by two users, and ${kind} compares raters; leave it out` };
  };
