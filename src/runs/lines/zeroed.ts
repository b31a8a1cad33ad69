/** A power cut leaves zeros in place of what was not written yet: such a line and all after it are lost, not fatal. */
export const ZEROED = Buffer.alloc(8);
