const name = process.argv[2] ?? 'better-auth'
const begin = performance.now()
const { betterAuth } = (await import(name)) as typeof import('better-auth')
const { admin, bearer, multiSession, organization, twoFactor, username } = (await import(
  `${name}/plugins`
)) as typeof import('better-auth/plugins')
const { DatabaseSync } = await import('node:sqlite')
const imported = performance.now() - begin

const auth = betterAuth({
  baseURL: 'http://localhost:3000',
  secret: 'bench-secret-bench-secret-bench-secret-0123456789',
  database: new DatabaseSync(':memory:'),
  emailAndPassword: { enabled: true },
  plugins: [username(), twoFactor(), organization(), bearer(), multiSession(), admin()],
})
await (await auth.$context).runMigrations()
const response = await auth.handler(new Request('http://localhost:3000/api/auth/get-session'))
await response.text()
process.stdout.write(JSON.stringify({ imported, answered: performance.now() - begin }))
process.exit()

export {}
