import { apiKey } from '@better-auth/api-key'
import { organization } from 'better-auth/plugins'
import { createAccessControl } from 'better-auth/plugins/access'
import { adminAc, defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access'
import type { Scenario } from '../scenario.ts'
import { withMail } from '../scenario.ts'
import type { OptionSet } from '../servers.ts'
import { counted } from './api-key.ts'
import { bringIn, field, person } from './organization.ts'

// Admins may create and read keys, members read them.
const ac = createAccessControl({ ...defaultStatements, apiKey: ['create', 'read', 'update', 'delete'] })
const roles = {
  owner: ac.newRole({ ...ownerAc.statements }),
  admin: ac.newRole({ ...adminAc.statements, apiKey: ['create', 'read'] }),
  member: ac.newRole({ ...memberAc.statements, apiKey: ['read'] }),
}
const given = { references: 'organization' } as const

const options: OptionSet = {
  build: mails => ({
    emailAndPassword: withMail(mails),
    databaseHooks: { user: { create: { before: async user => ({ data: { ...user, emailVerified: true } }) } } },
    plugins: [organization({ ac, roles }), apiKey(counted(given))],
  }),
  ourPlugins: async () => [
    (await import('../../../routers/organization/index.ts')).organization({ ac, roles } as never),
    (await import('../../../routers/api-key/index.ts')).apiKey(counted(given) as never),
  ],
}

const NAMES = ['owner', 'admin', 'member', 'stranger'] as const

const organizationKeys: Scenario = {
  name: 'api-key-organization',
  options,
  async run(side) {
    const owner = await person(side, 'api-key-org', 'owner')
    const created = await owner.post('api-key-org.found', '/organization/create', { name: 'Acme', slug: 'acme' })
    const organizationId = field(created, 'id')
    const people = { owner, admin: owner, member: owner, stranger: owner }
    for (const role of ['admin', 'member'] as const) {
      const guest = await person(side, 'api-key-org', role)
      const wish = { email: `${role}@example.com`, role, organizationId }
      await bringIn({ owner, guest, step: `api-key-org.${role}` }, wish)
      people[role] = guest
    }
    people.stranger = await person(side, 'api-key-org', 'stranger')
    await owner.post('api-key-org.create-no-organization', '/api-key/create', {})
    await owner.post('api-key-org.create-unknown', '/api-key/create', { organizationId: 'unknown' })
    const made = await owner.post('api-key-org.create-for-all', '/api-key/create', { organizationId, name: 'All' })
    const keyId = field(made, 'id')
    for (const name of NAMES) {
      const visitor = people[name]
      await visitor.post(`api-key-org.${name}-creates`, '/api-key/create', { organizationId, name })
      await visitor.get(`api-key-org.${name}-reads`, `/api-key/get?id=${keyId}`)
      await visitor.post(`api-key-org.${name}-updates`, '/api-key/update', { keyId, name: `of ${name}` })
      const query = `organizationId=${organizationId}&sortBy=createdAt`
      await visitor.get(`api-key-org.${name}-lists`, `/api-key/list?${query}`)
      await visitor.get(`api-key-org.${name}-lists-own`, '/api-key/list')
    }
    for (const name of [...NAMES].reverse()) {
      await people[name].post(`api-key-org.${name}-deletes`, '/api-key/delete', { keyId })
    }
  },
}

export const apiKeyOrganizationScenarios: Scenario[] = [organizationKeys]
