/** Finding out about addresses, or having mails sent: 3 tries in 10 seconds from one address. */
export const addressLimit = { window: 10, max: 3 }
