export { appendSync } from "./append.js";
export { isDraft, removeDrafts } from "./drafts.js";
export { type Draft, draftFile, requireWritable, writeWhole, writeWholeSync } from "./file.js";
export { halfRemoved, halfRemovedIn, removeFolder, replaceFolder, wholeFolder } from "./folder.js";
export { makeWithParents, makeWithParentsSync } from "./make-with-parents.js";
export { notWritten } from "./not-written.js";
