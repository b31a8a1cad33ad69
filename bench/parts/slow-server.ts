import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createPlaces } from "../../test/fakes/places.js";

/**
 * A process of its own: an OpenAI-compatible server that answers each request after LATENCY milliseconds, SLOTS at the same
 * time. What comes when it is FULL waits in a queue, as with vLLM or llama.cpp, or is refused (429). Prints its address.
 */
const { LATENCY = "50", SLOTS = "64", FULL = "queue" } = process.env;

const REPLY = JSON.stringify({
  id: "1",
  object: "chat.completion",
  model: "slow",
  choices: [{ index: 0, message: { role: "assistant", content: "7" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 },
});

const places = createPlaces<ServerResponse>(Number(SLOTS), Number(LATENCY), (response) =>
  response.end(REPLY),
);

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    if (FULL === "queue" || !places.areTaken()) places.take(response);
    else response.writeHead(429).end(JSON.stringify({ error: { message: "full", code: null } }));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1\n`);
});
