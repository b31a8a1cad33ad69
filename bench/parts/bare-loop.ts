import { Agent, request } from "node:http";

/**
 * Seconds that `calls` requests take in `slots` loops of nothing but Node's own HTTP: what the server, its timers and this
 * machine leave of the ideal. Throws if one of them is not answered.
 */
export async function bareLoop(url: string, slots: number, calls: number): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const start = performance.now();
  let left = calls;
  const loop = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      await ask(url, agent);
    }
  };
  await Promise.all(Array.from({ length: slots }, loop));
  agent.destroy();
  return (performance.now() - start) / 1_000;
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: "POST", agent, headers: { "content-length": 2 } }, (response) => {
      response.resume();
      response.on("error", reject);
      response.on("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${response.statusCode}`)),
      );
    });
    call.on("error", reject);
    call.end("{}");
  });
}
