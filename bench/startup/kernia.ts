// The package as it is published: `npm run build` comes first.

const begin = performance.now()
const { init, mikroOrmAdapter } = await import('kernia')
const { admin } = await import('kernia/plugins/admin')
const { bearer } = await import('kernia/plugins/bearer')
const { multiSession } = await import('kernia/plugins/multi-session')
const { organization } = await import('kernia/plugins/organization')
const { twoFactor } = await import('kernia/plugins/two-factor')
const { username } = await import('kernia/plugins/username')
const imported = performance.now() - begin

const auth = init({
  baseURL: 'http://localhost:3000',
  secret: 'bench-secret-bench-secret-bench-secret-0123456789',
  database: mikroOrmAdapter({ url: 'sqlite::memory:' }),
  emailAndPassword: { enabled: true },
  plugins: [username(), twoFactor(), organization(), bearer(), multiSession(), admin()],
})
await auth.createSchema()
const response = await auth.handler(new Request('http://localhost:3000/api/auth/get-session'))
await response.text()
process.stdout.write(JSON.stringify({ imported, answered: performance.now() - begin }))
process.exit()

export {}
