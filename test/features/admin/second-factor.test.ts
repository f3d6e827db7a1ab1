import { describe, expect, it } from 'vitest'
import { adminConfig } from '../../../routers/admin-config/index.ts'
import { twoFactor } from '../../../routers/two-factor/index.ts'
import { listProcedures } from '../../../src/meta.ts'
import { call } from '../../policies/calls.ts'
import { scan } from '../two-factor/authenticator.ts'
import { openOffice, password } from './office.ts'

/** What whoever administers nothing, or acts as somebody else, calls too. */
const OPEN = ['admin.hasPermission', 'admin.stopImpersonating']

const open = (requireSecondFactor: boolean | { maxAge: number }) =>
  openOffice({ requireSecondFactor }, { more: [twoFactor()] })

describe('administrators who are asked for a second factor', () => {
  it('do nothing before they have proved one, by any procedure [control 21]', async () => {
    const office = await open({ maxAge: 300 })
    const ada = await office.join('ada', 'admin')
    await office.join('ben')
    const procedures = listProcedures(office.auth.router as never).filter(({ path }) => path.startsWith('admin.'))
    const closed = procedures.filter(({ path }) => !OPEN.includes(path))
    expect([procedures.length - closed.length, closed.length > 12]).toEqual([OPEN.length, true])
    const outcomes = async () => {
      const told: [path: string, code: unknown][] = []
      for (const procedure of closed) {
        const { text } = await call(office.auth, procedure, { headers: { cookie: ada.cookieHeader() }, input: {} })
        told.push([procedure.path, (JSON.parse(text) as { code?: string }).code])
      }
      return told
    }
    for (const [path, code] of await outcomes()) expect([path, code]).toEqual([path, 'STEP_UP_REQUIRED'])
    const question = { permissions: { user: ['ban'] } }
    expect((await ada.post('/admin/has-permission', question)).body.success).toBe(true)

    const { totpURI } = (await ada.post('/two-factor/enable', { password })).body
    const app = scan(String(totpURI), office.clock)
    await ada.post('/two-factor/verify-totp', { code: app.code() })
    expect((await outcomes()).filter(([, code]) => code === 'STEP_UP_REQUIRED')).toEqual([])
    const userId = await office.id('ben')
    expect((await ada.post('/admin/impersonate-user', { userId })).status).toBe(200)
    expect((await ada.post('/admin/ban-user', { userId })).body.code).toBe('STEP_UP_REQUIRED')
    expect((await ada.post('/admin/stop-impersonating')).status).toBe(200)
    expect((await ada.post('/admin/ban-user', { userId })).status).toBe(200)
    office.clock.advance(301)
    expect((await ada.post('/admin/unban-user', { userId })).body.code).toBe('STEP_UP_REQUIRED')
  })

  it('change nothing by other plugins either [control 21]', async () => {
    const more = [twoFactor(), adminConfig()]
    const office = await openOffice({ requireSecondFactor: true }, { more })
    const ada = await office.join('ada', 'admin')
    const path = '/admin/config/auth-methods'
    const refused = await ada.get(path)
    expect([refused.status, refused.body.code]).toEqual([401, 'STEP_UP_REQUIRED'])
    expect(refused.headers.get('www-authenticate')).toContain('acr_values="aal2"')
    const { totpURI } = (await ada.post('/two-factor/enable', { password })).body
    await ada.post('/two-factor/verify-totp', { code: scan(String(totpURI), office.clock).code() })
    expect((await ada.get(path)).status).toBe(200)
    const ben = await office.join('ben')
    expect((await ben.get(path)).body.code).toBe('ADMIN_CONFIG_FORBIDDEN')
  })

  it('are not asked unless the option says so, which needs a plugin that knows factors', async () => {
    const office = await open(false)
    const ada = await office.join('ada', 'admin')
    expect((await ada.get('/admin/list-users')).status).toBe(200)
    await expect(openOffice({ requireSecondFactor: true })).rejects.toThrow('asks for a second factor; add a plugin')
  })
})
