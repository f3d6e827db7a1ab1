import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Somebody at the provider; what is said here is what it answers. */
export interface GitlabUser {
  id: number
  name?: string
  username?: string
  email?: string
  email_verified?: boolean
  state?: 'active' | 'blocked'
  avatar_url?: string
  /** Gives no tokens for a refresh token. */
  breaks?: boolean
}

const person = { name: 'Gil', username: 'gil', state: 'active', avatar_url: 'https://img.example/gil.png' } as const

/** A code that stands for somebody: the provider keeps nothing, so both servers may use it. */
export function codeOf(user: GitlabUser, seconds = 3600): string {
  return Buffer.from(JSON.stringify({ ...person, ...user, seconds })).toString('hex')
}

function read(code: string): (GitlabUser & { seconds: number }) | undefined {
  try {
    return JSON.parse(Buffer.from(code, 'hex').toString('utf8'))
  } catch {
    return undefined
  }
}

/** A GitLab on this machine, for both servers of a comparison. It does not keep the process alive. */
export async function startGitlab(): Promise<string> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
      const token = req.headers.authorization?.replace('Bearer ', '') ?? ''
      const [status, body] = answer(req.url ?? '', { form, token })
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

function answer(path: string, { form, token }: { form: URLSearchParams; token: string }): [number, object] {
  if (path === '/api/v4/user') {
    const user = read(token.replace(/^(again-)*at-/, ''))
    return user ? [200, user] : [401, { message: '401 Unauthorized' }]
  }
  if (path !== '/oauth/token') return [404, {}]
  const isRefresh = form.get('grant_type') === 'refresh_token'
  const code = isRefresh ? form.get('refresh_token')?.replace('rt-', '') : form.get('code')
  const user = read(code ?? '')
  if (!user || (isRefresh && user.breaks)) return [400, { error: 'invalid_grant' }]
  const tokens = {
    access_token: `${isRefresh ? 'again-' : ''}at-${code}`,
    token_type: 'Bearer',
    scope: 'read_user api',
  }
  return [200, { ...tokens, refresh_token: `rt-${code}`, expires_in: isRefresh ? 7200 : user.seconds }]
}
