/** Guessing a code, and having one sent: 3 tries in 10 seconds from one address. */
export const codeLimit = { window: 10, max: 3 }
