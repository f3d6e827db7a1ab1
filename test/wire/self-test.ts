import type { Alteration, Answer } from './altered.ts'
import { compareRuns, type Difference } from './compare.ts'
import { createCoverage } from './coverage.ts'
import { runPair } from './run.ts'
import { scenarios } from './scenarios/index.ts'
import { startAltered, startOfficial } from './servers.ts'

interface Fault extends Alteration {
  /** The difference that must be reported because of it. */
  step: string
  field: string
}

function onPath(path: string, change: (answer: Answer) => void): Alteration['change'] {
  return (answer, actual) => {
    if (actual === `/api/auth${path}`) change(answer)
  }
}

function replaceBody(from: string | RegExp, to: string) {
  return (answer: Answer) => {
    answer.body = answer.body.replace(from, to)
  }
}

function replaceCookie(from: string | RegExp, to: string) {
  return (answer: Answer) => {
    const lines = [answer.headers.get('set-cookie') ?? []].flat()
    answer.headers.set(
      'set-cookie',
      lines.map(line => line.replace(from, to)),
    )
  }
}

const faults: Fault[] = [
  {
    name: 'a cookie without HttpOnly',
    change: onPath('/sign-in/email', replaceCookie('; HttpOnly', '')),
    step: 'sign-in.ok',
    field: 'cookies.better-auth.session_token',
  },
  {
    name: 'a cookie signed with another secret',
    change: onPath('/change-password', replaceCookie(/\.[^.;]{8}([^.;]*;)/, '.AAAAAAAA$1')),
    step: 'change-password.revoke-others',
    field: 'cookies.better-auth.session_token',
  },
  {
    name: 'a token that is not the one in the cookie',
    change: onPath('/sign-up/email', replaceBody(/"token":"./, '"token":"_')),
    step: 'sign-up.ok',
    field: 'body.token',
  },
  {
    name: 'null left out',
    change: onPath('/sign-up/email', replaceBody('"image":null,', '')),
    step: 'sign-up.ok',
    field: 'body.user.image',
  },
  {
    name: 'another order of keys',
    change: onPath('/sign-up/email', replaceBody(/"name":"(\w+)","email":"([^"]+)"/, '"email":"$2","name":"$1"')),
    step: 'sign-up.ok',
    field: 'body.user:order',
  },
  {
    name: 'another error code',
    change: onPath('/sign-in/email', replaceBody('INVALID_EMAIL_OR_PASSWORD', 'INVALID_CREDENTIALS')),
    step: 'sign-in.wrong-password',
    field: 'body.code',
  },
  {
    name: 'another status',
    change: onPath('/sign-in/email', answer => {
      if (answer.status === 401) answer.status = 403
    }),
    step: 'sign-in.unknown-user',
    field: 'status',
  },
  {
    name: 'another content type',
    change: onPath('/ok', answer => void answer.headers.set('content-type', 'application/json; charset=utf-8')),
    step: 'http.ok',
    field: 'header:content-type',
  },
  {
    name: 'a secret that leaks',
    change: onPath('/get-session', replaceBody('"user":{', '"user":{"password":"x",')),
    step: 'get-session.ok',
    field: 'body.user.password',
  },
  {
    name: 'another expiry',
    change: onPath('/get-session', replaceBody(/"expiresAt":"\d{4}/, '"expiresAt":"2099')),
    step: 'get-session.ok',
    field: 'body.session.expiresAt',
  },
  {
    name: 'a date the client does not revive',
    change: onPath('/get-session', replaceBody(/"createdAt":"([^"]+)Z"/, '"createdAt":"$1"')),
    step: 'get-session.ok',
    field: 'client.dates.0',
  },
  {
    name: 'another redirect',
    change: onPath('/reset-password/bad', answer => void answer.headers.set('location', '/reset?error=invalid_token')),
    step: 'reset.link-bad-token',
    field: 'header:location',
  },
  {
    name: 'a cookie too many',
    change: onPath('/revoke-sessions', answer => void answer.headers.set('set-cookie', ['a=1; Path=/'])),
    step: 'revoke-all.ok',
    field: 'cookies.a',
  },
]

const told = ['http-layer', 'sign-up', 'sign-in', 'get-session', 'sessions', 'password-reset', 'change-password']

/** Checks the check: every fault must be reported where it was put. */
export async function selfTest(): Promise<boolean> {
  const differences: Difference[] = []
  for (const scenario of scenarios.filter(({ name }) => told.includes(name))) {
    const [official, altered] = await runPair(scenario, {
      official: startOfficial,
      ours: startAltered(faults),
      coverage: createCoverage(),
    })
    differences.push(...compareRuns(official.records, altered.records).differences)
  }
  const missed = faults.filter(
    ({ step, field }) => !differences.some(found => found.step === step && found.field === field),
  )
  for (const fault of missed) console.log(`not noticed: ${fault.name} (${fault.field} of ${fault.step})`)
  console.log(`${faults.length - missed.length} passed, ${missed.length} failed, 0 skipped`)
  return missed.length === 0
}
