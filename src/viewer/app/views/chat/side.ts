import type { ChatRequest } from "../../../api.js";
import { duration } from "../../format.js";
import { chat } from "../../state/api.js";

export type Message = ChatRequest["messages"][number];

/** A turn as it is shown. `busy` while it is being said. */
export type Turn = {
  role: "user" | "assistant";
  text: string;
  note: string;
  problem?: string;
  busy?: boolean;
};

/** One checkpoint's side of the talk. */
export type Side = {
  /** Names this talk: a new one with the same checkpoint is another. */
  key: number;
  round: number;
  turns: readonly Turn[];
};

let sides = 0;

/** A talk with the checkpoint of a round in which nothing has been said. */
export function newSide(round: number): Side {
  sides += 1;
  return { key: sides, round, turns: [] };
}

/** What people call a checkpoint. */
export function roundName(round: number): string {
  return round === 0 ? "Untrained (round 0)" : `After round ${round}`;
}

/** What of a talk the checkpoint is told: an answer that failed is no part of it, nor what it was to answer. */
export function messagesOf(turns: readonly Turn[]): Message[] {
  return turns.flatMap((turn, at): Message[] => {
    const failed = (one: Turn | undefined) => one?.problem !== undefined || one?.note === STOPPED;
    if (failed(turn) || (turn.role === "user" && failed(turns[at + 1]))) return [];
    return [{ role: turn.role, content: turn.text }];
  });
}

const STOPPED = "stopped";

/** The assistant's turn as it comes, each time longer than before; a failure is its last state. */
export async function* answerTurn(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Turn> {
  let turn: Turn = { role: "assistant", text: "", note: "thinking …", busy: true };
  yield turn;
  try {
    for await (const piece of chat(request, signal)) {
      if ("error" in piece) throw new Error(piece.error);
      if ("text" in piece) turn = { ...turn, text: turn.text + piece.text, note: "" };
      else turn = { ...turn, note: endWords(piece.end), busy: false };
      yield turn;
    }
  } catch (error) {
    if (signal.aborted) yield { ...turn, note: STOPPED, busy: false };
    else yield { ...turn, note: "", problem: (error as Error).message, busy: false };
  }
}

function endWords({ tokens, seconds }: { tokens: number | null; seconds: number }): string {
  return [tokens === null ? "" : `${tokens} tokens`, duration(seconds)]
    .filter((part) => part !== "")
    .join(", ");
}
