/** Somebody who has a login at the bundled provider. Whoever chooses the name is signed in: there are no passwords. */
export type Person = { id: string; name: string; email: string; emailVerified: boolean }

export const people: readonly Person[] = [
  { id: 'ada', name: 'Ada Lovelace', email: 'ada@people.example', emailVerified: true },
  { id: 'grace', name: 'Grace Hopper', email: 'grace@people.example', emailVerified: true },
  { id: 'mallory', name: 'Mallory, address not verified', email: 'mallory@people.example', emailVerified: false },
]
