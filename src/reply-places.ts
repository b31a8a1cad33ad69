/** Where in a conversation the assistant speaks: the index of each of its replies, in their order. */
export function replyPlaces(messages: readonly { role: string }[]): number[] {
  return messages.flatMap(({ role }, at) => (role === "assistant" ? [at] : []));
}
