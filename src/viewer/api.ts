// What the server and the page tell each other, as JSON. The page's modules take their types from here.

export type {
  ChatPiece,
  ChatRequest,
  Draft,
  DraftRequest,
  FormFacts,
  Job,
} from "./api/actions.js";
export type {
  ConversationFilter,
  ConversationPage,
  ConversationRow,
  ConversationView,
  Facets,
  Fate,
  ProbeRow,
  ProbeTable,
  ProbeView,
} from "./api/read.js";
export type {
  ComparedRow,
  Comparison,
  Losses,
  Outcome,
} from "./api/results.js";
export type {
  Catalogue,
  DamagedEntry,
  Doomed,
  Progress,
  RoundRow,
  RunEntry,
  RunLabels,
  RunView,
  Status,
  SweepEntry,
} from "./api/runs.js";
