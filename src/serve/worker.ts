import { UserError } from "../errors.js";
import { type EmbeddedSource, openEmbedded, type ScoreRequest, type TextRequest } from "../models/index.js";
import { type Engine, engineOf } from "./engine.js";
import { outbox } from "./outbox.js";

// A process that draws and scores for a server.

/** A question about the model of that number; what is told meanwhile carries the same `id`. */
export type Question =
  | { type: "draw"; model: number; request: Omit<TextRequest, "signal" | "onText">; piecewise: boolean }
  | { type: "score"; model: number; request: ScoreRequest };
export type ToWorker =
  | { type: "open"; sources: EmbeddedSource[] }
  | { type: "ask"; id: number; question: Question }
  /** Nobody waits for the answer any more. */
  | { type: "drop"; id: number };
/** `mistake` is true of a UserError, whose message is for the client. */
export type Failed = { message: string; mistake: boolean };
export type FromWorker =
  | { type: "opened"; contexts: number[] }
  | ({ type: "broken" } & Failed)
  | { type: "text"; id: number; piece: string }
  | { type: "answer"; id: number; value: unknown }
  | ({ type: "failed"; id: number } & Failed);

const engines: Engine[] = [];
const dropped = new Map<number, AbortController>();

/** Fails only where the server has gone, and this process with it. */
const tell = outbox<FromWorker>((parcel) => process.send!(parcel, () => {}));

process.on("message", (parcel: ToWorker[]) => {
  for (const message of parcel) {
    if (message.type === "open") void open(message.sources);
    else if (message.type === "ask") void answer(message.id, message.question);
    else dropped.get(message.id)?.abort(new Error("nobody waits for it"));
  }
});
// The terminal sends Ctrl-C to the server too, which ends its workers.
process.on("SIGINT", () => {});
// Without a server nobody wants the answers.
process.on("disconnect", () => process.exit(0));

async function open(sources: readonly EmbeddedSource[]): Promise<void> {
  try {
    for (const source of sources) engines.push(engineOf(await openEmbedded(source)));
    tell({ type: "opened", contexts: engines.map(({ context }) => context) });
  } catch (error) {
    tell({ type: "broken", ...failed(error) });
  }
}

async function answer(id: number, question: Question): Promise<void> {
  const controller = new AbortController();
  dropped.set(id, controller);
  try {
    tell({ type: "answer", id, value: await answerTo(question, id, controller.signal) });
  } catch (error) {
    tell({ type: "failed", id, ...failed(error) });
  } finally {
    dropped.delete(id);
  }
}

async function answerTo(question: Question, id: number, signal: AbortSignal): Promise<unknown> {
  const engine = engines[question.model]!;
  if (question.type === "score") return await engine.score(question.request);
  const onText = (piece: string): void => tell({ type: "text", id, piece });
  const { request, piecewise } = question;
  return await engine.draw({ ...request, signal, onText: piecewise ? onText : undefined });
}

function failed(error: unknown): Failed {
  if (error instanceof UserError) return { message: error.message, mistake: true };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), mistake: false };
}
