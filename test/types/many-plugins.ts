/** How much the budget is measured on: more than an application will ever have. */
export const PLUGINS = 30
const PROCEDURES_EACH = 10

const names = Array.from({ length: PLUGINS }, (_, index) => `feature${index + 1}`)

/** Sources of plugins written the way `routers/` writes them, by file name. */
export function pluginSources(kernia: string): Record<string, string> {
  return Object.fromEntries(names.map(name => [`${name}.ts`, pluginSource(name, kernia)]))
}

/** The application's module: an instance with all of them. */
export function authSource(kernia: string): string {
  return `
import { emailAndPassword, init } from '${kernia}'
${names.map(name => `import { ${name} } from './${name}.js'`).join('\n')}

export const auth = init({
  secret: 'a-secret-for-type-checking-0123456789',
  plugins: [emailAndPassword(), ${names.map(name => `${name}()`).join(', ')}],
  user: { additionalFields: { locale: { type: 'string', required: false, input: true } } },
})
`
}

/** What makes the compiler look into the instance's type: the user, the caller, the tRPC client. */
export function useSource(kerniaClient: string): string {
  return `
import { createKerniaClient } from '${kerniaClient}'
import { auth } from './auth.js'

const client = createKerniaClient<typeof auth.router>({ url: 'http://localhost:3000/api/auth' })
export const email: string = {} as (typeof auth.$Infer.User)['email']
export async function use(): Promise<void> {
  const signedUp = await client.signUp.email.mutate({ name: 'Ada', email: 'a@b.c', password: 'p', locale: 'de' })
  const last = await client.${names[PLUGINS - 1]}.create1.mutate({ label: 'x', count: 1 })
  const first = await auth.caller().${names[0]}.create1({ label: 'x', count: 1 })
  const text: string = signedUp.user.email + last.label + first.label
  // @ts-expect-error the plugin's input is checked
  await client.${names[0]}.create1.mutate({ label: 1, count: text })
}
`
}

function pluginSource(name: string, kernia: string): string {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Router`
  return `
import { z } from 'zod'
import { definePlugin, type Plugin, type ProcedureBuilder } from '${kernia}'

function procedures({ procedure, schemas }: ProcedureBuilder) {
  return { ${name}: { ${Array.from({ length: PROCEDURES_EACH }, (_, index) => procedureSource(name, index + 1)).join(',')} } }
}

export interface ${type} extends ReturnType<typeof procedures> {}

export function ${name}(): Plugin<${type}> {
  return definePlugin<${type}>({ id: '${name}', procedures })
}
`
}

function procedureSource(name: string, index: number): string {
  return `
    create${index}: procedure
      .session({ rest: 'POST /${name}/create-${index}', operationId: '${name}Create${index}', summary: 'Creates', errors: [], tags: [] })
      .input(z.object({ label: z.string().max(64), count: z.number().int().optional(), tags: z.array(z.string()).optional() }))
      .output(z.object({ id: z.string(), label: z.string(), createdAt: z.date(), owner: schemas.user }))
      .mutation(async ({ ctx, input }) => ({
        id: '1', label: input.label, createdAt: new Date(), owner: ctx.auth.signedIn.user,
      }))`
}
