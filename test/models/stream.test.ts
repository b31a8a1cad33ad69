import { HumanMessage } from "@langchain/core/messages";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openTraffic, resolveChatModel } from "../../src/models/index.js";
import { LONGEST_ANSWER } from "../../src/models/openai/http.js";
import { type BadServer, badServer, completion, refuse } from "../fakes/bad-server.js";
import { FakeModel } from "../fakes/model.js";

// A stream is what a person at a terminal sees: `candor chat`.

let server: BadServer;
afterEach(async () => {
  await server.close();
});

async function streamed(fields: object = {}, base_url = server.base_url): Promise<string> {
  const model = await resolveChatModel({ model: "openai:any", base_url, ...fields });
  let said = "";
  for await (const piece of await model.stream([new HumanMessage("hi")])) said += piece.text;
  return said;
}

test("comes piece by piece", async () => {
  server = await badServer((_seen, _index, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of ["all ", "is ", "well"])
      response.write(
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { role: "assistant", content } }] })}\n\n`,
      );
    response.end("data: [DONE]\n\n");
  });
  expect(await streamed()).toBe("all is well");
});

test("comes in one piece from a model that cannot stream", async () => {
  server = await badServer();
  const info = { role: "user", name: "plain", baseUrl: null, version: null };
  const model = openTraffic().wrap(new FakeModel(() => "all at once"), info);
  let said = "";
  for await (const piece of await model.stream([new HumanMessage("hi")])) said += piece.text;
  expect(said).toBe("all at once");
});

describe("that fails", () => {
  test("is left after the longest answer where it has no end", async () => {
    let sent = 0;
    server = await badServer((_seen, _index, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "x".repeat(2 ** 20) } }] })}\n\n`;
      const go = (): void => {
        // An end of its own, well beyond, so that a test that fails ends too.
        while (!response.destroyed && sent < 20 * LONGEST_ANSWER) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once("drain", go);
        }
        response.end();
      };
      go();
    });
    await expect(streamed()).rejects.toThrow(/longer than 16 MiB/);
    // What the two ends of the connection keep for each other comes on top.
    expect(sent).toBeLessThan(8 * LONGEST_ANSWER);
  });

  test("says where nobody listens, without what is secret in the address", async () => {
    server = await badServer();
    const { port } = new URL(server.base_url);
    await server.close();
    const failed = streamed({}, `http://user:pa55word@127.0.0.1:${port}/v1?api_key=k3y-in-query`);
    await expect(failed).rejects.toThrow(
      new RegExp(
        `^any at http://127\\.0\\.0\\.1:${port}/v1\\?api_key=\\*\\*\\*: .*ECONNREFUSED 127\\.0\\.0\\.1:${port}`,
      ),
    );
    await expect(failed).rejects.not.toThrow(/pa55word|k3y-in-query/);
  });

  test("repeats the server's words, but no key", async () => {
    vi.stubEnv("CANDOR_TEST_KEY", "sk-very-secret\n");
    server = await badServer(({ headers }, _index, response) =>
      refuse(response, 401, { message: `who is ${headers.authorization}, ${btoa(headers.authorization!)}` }),
    );
    const failed = streamed({ api_key_env: "CANDOR_TEST_KEY" });
    await expect(failed).rejects.toThrow(/401 who is Bearer \[key\], \S*\[key\]/);
    await expect(failed).rejects.not.toThrow(new RegExp(btoa("very-secret").slice(2, 10)));
  });

  test("with a page in place of a stream says what the page says", async () => {
    server = await badServer((_seen, _index, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<title>Log in</title>");
    });
    await expect(streamed()).rejects.toThrow(/no JSON: Log in/);
  });

  test("with an error within it says so", async () => {
    server = await badServer((_seen, _index, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end('data: {"error":{"message":"out of memory"}}\n\n');
    });
    await expect(streamed()).rejects.toThrow(/any at http.*out of memory/);
  });

  test("by never ending ends at its time", async () => {
    server = await badServer((_seen, _index, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": wait\n\n");
    });
    await expect(streamed({ timeout_s: 0.2 })).rejects.toThrow(/no whole reply within 0.2 s/);
  });
});

test("a whole reply in place of a stream is refused by name", async () => {
  server = await badServer((_seen, _index, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(completion("fine")));
  });
  await expect(streamed()).rejects.toThrow(/any at http/);
});
