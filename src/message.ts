/** One turn of a conversation, in the field's own roles. */
export type Message = {
  role: "system" | "user" | "assistant";
  content: string;
};
