/** Guessing a password: 3 tries in 10 seconds from one address. */
export const credentialLimit = { window: 10, max: 3 }

/** Causing a mail to someone: 3 in a minute from one address. */
export const mailLimit = { window: 60, max: 3 }
