export { queryConversations, readFacets } from "./query.js";
export { readConversation } from "./view.js";
