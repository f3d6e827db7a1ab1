// A program that concurrent-schema.test.ts starts several times: it creates the schema when it is told to, then signs
// somebody up. Arguments: the database's address, and a name.

import { once } from 'node:events'
import { init, mikroOrmAdapter } from '../../src/index.ts'
import { ann, cheapArgon2, secret } from '../support/test-auth.ts'

const [url = '', name = ''] = process.argv.slice(2)
const auth = init({
  baseURL: 'http://localhost:3000',
  secret,
  database: mikroOrmAdapter({ url, pool: 1 }),
  emailAndPassword: { enabled: true, password: { argon2: cheapArgon2 } },
})
process.stdout.write('ready\n')
await once(process.stdin, 'data')
await auth.createSchema()
await auth.caller().signUp.email({ ...ann, name, email: `${name}@example.com` })
await auth.close()
process.exit()
