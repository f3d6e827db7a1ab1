/** Causing a mail to someone: 3 in a minute from one address. */
export const mailLimit = { window: 60, max: 3 }
