import { forget } from "../environment.js";

/** Variables by which LangChain would send every conversation to a host that no scenario names. */
const VARIABLES = ["LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGCHAIN_TRACING"];

/** Keeps LangChain from tracing in this process, whatever the environment says. */
export function silenceTracing(): void {
  forget(VARIABLES);
}
