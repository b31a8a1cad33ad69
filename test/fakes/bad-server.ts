import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort } from "../free-port.js";

type Body = Record<string, unknown> & { messages: { role: string; content: string }[] };
type Seen = { path: string; headers: IncomingMessage["headers"]; body: Body; at: number };
/** What the server does with its nth request (from 0). */
export type Behaviour = (seen: Seen, index: number, response: ServerResponse) => void | Promise<void>;

/** An OpenAI-compatible server on a real socket that behaves as it is told. */
export type BadServer = {
  base_url: string;
  seen: Seen[];
  /** Requests that were open at the same time, at most. */
  readonly most: number;
  behave: (next: Behaviour) => void;
  close: () => Promise<void>;
};

export async function badServer(
  behaviour: Behaviour = (_seen, _index, response) => say(response, "fine"),
): Promise<BadServer> {
  const seen: Seen[] = [];
  let now = behaviour;
  let first = 0;
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.on("close", () => {
      open -= 1;
    });
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      const entry = {
        path: request.url!,
        headers: request.headers,
        body: text === "" ? {} : JSON.parse(text),
        at: performance.now(),
      };
      seen.push(entry);
      void now(entry, seen.length - 1 - first, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    get most() {
      return most;
    },
    behave: (next) => {
      now = next;
      first = seen.length;
      most = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The address of a server that has ended: one that it had itself may by now be that of another test's. */
export const endedAddress = async (): Promise<string> => `http://127.0.0.1:${await freePort()}/v1`;

/** A good answer. */
export function say(
  response: ServerResponse,
  content: string,
  tokens: { in: number; out: number } | null = { in: 10, out: 5 },
  model: unknown = "any",
): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ ...completion(content, tokens), model }));
}

export function completion(content: string, tokens: { in: number; out: number } | null = { in: 10, out: 5 }) {
  return {
    id: "1",
    object: "chat.completion",
    model: "any",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    ...(tokens
      ? {
          usage: {
            prompt_tokens: tokens.in,
            completion_tokens: tokens.out,
            total_tokens: tokens.in + tokens.out,
          },
        }
      : {}),
  };
}

/** A refusal with OpenAI's form of an error. */
export function refuse(
  response: ServerResponse,
  status: number,
  { message = "no", code = null as string | null, headers = {} as Record<string, string> } = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { message, code } }));
}

/** Takes adapters as vLLM does: answers what is asked of them and of its models, and says whether it did. */
export function adapterServer(): (seen: Seen, response: ServerResponse) => boolean {
  const names = new Set(["base"]);
  return ({ path, body }, response) => {
    const name = String(body.lora_name);
    if (path.endsWith("/load_lora_adapter") && names.has(name))
      refuse(response, 400, { message: `The lora adapter '${name}' has already been loaded.` });
    else if (path.endsWith("/load_lora_adapter"))
      response.end(`Success: LoRA adapter '${names.add(name) && name}' added successfully.`);
    else if (path.endsWith("/unload_lora_adapter")) response.end(`${names.delete(name)}`);
    else if (path.endsWith("/models"))
      response.end(JSON.stringify({ data: [...names].map((id) => ({ id })) }));
    else return false;
    return true;
  };
}
