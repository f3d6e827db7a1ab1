// Nothing but password hashes, with the parameters of Kernia's default: what no sign-in can be faster than.

import argon2 from 'argon2'
import { hashPassword } from '../../src/index.ts'
import { person, serve } from './serve.ts'

await serve(async () => ({
  listener: (_req, res) => void res.end(),
  cookie: '-',
  tasks: {
    verify: async () => {
      const hash = await hashPassword(person.password)
      return () => argon2.verify(hash, person.password)
    },
  },
}))
