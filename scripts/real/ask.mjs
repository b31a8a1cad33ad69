/** One chat completion of a server. Throws with what the server says. */
export async function ask(server, request) {
  const response = await fetch(`${server}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${server}: HTTP ${response.status}: ${text.slice(0, 300)}`);
  const content = JSON.parse(text).choices?.[0]?.message?.content?.trim();
  if (!content) throw new Error(`${server}: an empty reply to ${JSON.stringify(request.messages.at(-1))}`);
  return content;
}

/** Does `work` on all items, 192 at a time, and gives the results in their order. */
export async function inOrder(items, work, atOnce = 192) {
  const results = new Array(items.length);
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index], index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}
