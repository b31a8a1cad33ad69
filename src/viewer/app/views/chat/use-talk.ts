import { useEffect, useRef, useState } from "preact/hooks";
import type { ChatRequest } from "../../../api.js";
import { answerTurn, messagesOf, newSide, type Side, type Turn } from "./side.js";

/** How checkpoints are asked. */
export type Settings = { temperature: number; max_tokens: number; system: string };

/** A talk with one checkpoint or two. */
export type Talk = {
  sides: readonly Side[];
  busy: boolean;
  /** Says something to every side. */
  say: (text: string, settings: Settings) => Promise<void>;
  /** Stops what is being said. */
  stop: () => void;
  /** Begins anew, with these checkpoints if given. */
  restart: (rounds?: readonly number[]) => void;
};

/** The state of a talk; it is stopped when the reader goes elsewhere. */
export function useTalk(run: string, first: number): Talk {
  const [sides, setSides] = useState<readonly Side[]>(() => [newSide(first)]);
  const [busy, setBusy] = useState(false);
  const answering = useRef(new AbortController());
  useEffect(() => () => answering.current.abort(), []);

  const setTurn = (key: number, at: number, turn: Turn) =>
    setSides((before) => before.map((side) => (side.key === key ? withTurn(side, at, turn) : side)));

  const answer = async (side: Side, text: string, settings: Settings, signal: AbortSignal) => {
    const at = side.turns.length;
    const request = requestOf(run, side, text, settings);
    setTurn(side.key, at, { role: "user", text, note: "" });
    for await (const turn of answerTurn(request, signal)) setTurn(side.key, at + 1, turn);
  };

  const stop = () => answering.current.abort();
  return {
    sides,
    busy,
    stop,
    say: async (text, settings) => {
      answering.current = new AbortController();
      const { signal } = answering.current;
      setBusy(true);
      await Promise.all(sides.map((side) => answer(side, text, settings, signal)));
      setBusy(false);
    },
    restart: (rounds) => {
      stop();
      setSides((before) => (rounds ?? before.map(({ round }) => round)).map(newSide));
    },
  };
}

function withTurn(side: Side, at: number, turn: Turn): Side {
  return { ...side, turns: [...side.turns.slice(0, at), turn] };
}

function requestOf(run: string, { round, turns }: Side, text: string, settings: Settings): ChatRequest {
  const { system, temperature, max_tokens } = settings;
  const prompt = system.trim();
  return {
    run,
    round,
    temperature,
    max_tokens,
    messages: [
      ...(prompt === "" ? [] : [{ role: "system" as const, content: prompt }]),
      ...messagesOf(turns),
      { role: "user", content: text },
    ],
  };
}
