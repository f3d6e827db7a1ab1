const jwt = /(eyJ[\w-]+)\.(eyJ[\w-]+)\.[\w-]+/g
const opaque = /(?<![A-Za-z0-9_-])[A-Za-z0-9]{24,64}(?![A-Za-z0-9_-])|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
// A random text of Better Auth's that may have any of these characters, signed or not; ours are letters and digits.
const nonce = /^((?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*[-_])[\w-]{32})(?:\.|$)/
// Of a PKCE verifier that never leaves the server, so no later step names it.
const challenge = /(code_challenge=)[\w-]{43}/g
// Better Auth's may have any of these characters, ours letters and digits.
const oauthState = /[?&]state=([\w-]{32})(?![\w-])/g
const isoDate = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g

/**
 * Gives ids, tokens, dates and ports of one server the same names as those of the other. An id or token is named after
 * the step and field it was first seen in, so using another one in a later step is still noticed.
 */
export interface Normaliser {
  /** Names the unknown ids and tokens of the values, in the order of their fields' names. */
  learn(step: string, values: Map<string, string>): void
  text(text: string): string
  /** Normalises every string and epoch time in a JSON value, keeping the order of keys. */
  value(value: unknown): unknown
}

export function createNormaliser(origin: string): Normaliser {
  const names = new Map<string, string>()
  const host = new URL(origin).host
  const states = new Map<string, string>()
  const withoutStates = (raw: string) => {
    let named = raw
    for (const [state, name] of states) named = named.replaceAll(state, name)
    return named
  }
  const text = (raw: string) =>
    (nonce.test(raw) && names.get(raw)) ||
    withoutStates(raw)
      .replaceAll(origin, '<origin>')
      .replaceAll(encodeURIComponent(origin), '<origin%>')
      .replaceAll(host, '<host>')
      .replace(challenge, '$1<challenge>')
      .replace(jwt, (_token, ...parts: string[]) => `<${describeToken(parts).replaceAll(origin, '<origin>')}>`)
      .replace(isoDate, date => describeTime(Date.parse(date)))
      .replace(opaque, id => names.get(id) ?? `<unknown ${shape(id)}>`)
  return {
    text,
    learn(step, values) {
      for (const value of values.values())
        for (const [, state = ''] of value.matchAll(oauthState))
          if (!states.has(state)) states.set(state, `<${step} state>`)
      for (const [field, value] of values) {
        const id = nonce.exec(value)?.[1]
        if (id && !names.has(id) && !states.has(id)) names.set(id, `<${step} ${field} alnum32>`)
      }
      for (const field of [...values.keys()].sort())
        for (const [id] of (values.get(field) ?? '').replace(jwt, '').matchAll(opaque))
          if (!names.has(id)) {
            names.set(id, `<${step} ${field} ${shape(id)}>`)
            // Names of cookies have tokens in lower case.
            if (!names.has(id.toLowerCase())) names.set(id.toLowerCase(), `<${step} ${field} lower case>`)
          }
    },
    value(value) {
      if (typeof value === 'string') return text(value)
      if (typeof value === 'number' && value > 1e12 && value < 1e13) return describeTime(value)
      if (value instanceof Date) return `Date(${text(value.toISOString())})`
      if (Array.isArray(value)) return value.map(item => this.value(item))
      if (value === null || typeof value !== 'object') return value
      const isKey = 'kty' in value
      // In base64url, whose other characters would end an id.
      const isCeremony = 'rp' in value || 'rpId' in value
      const isRandom = (key: string) => (isKey && KEY_MATERIAL.has(key)) || (isCeremony && key === 'challenge')
      const describe = (key: string, item: unknown) =>
        // Milliseconds, of which the machine has needed some.
        key === 'tryAgainIn'
          ? `<about ${Math.round(Number(item) / 60_000)} min>`
          : isRandom(key)
            ? `<${String(item).length} characters>`
            : this.value(item)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, describe(key, item)]))
    },
  }
}

function shape(id: string): string {
  return id.includes('-') ? 'uuid' : `${/^[0-9a-f]+$/.test(id) ? 'hex' : 'alnum'}${id.length}`
}

/** The members of a public key (RFC 7518) that are random. */
const KEY_MATERIAL = new Set(['x', 'y', 'n'])

// What a token says of whom, and for how long. Two of one second are the same, so it is named by that and not by where it
// was first seen; what else is in a mailed link's is its maker's own affair. Of one for others to read, all claims count.
function describeToken(parts: string[]): string {
  const [header, payload] = parts.slice(0, 2).map(part => JSON.parse(Buffer.from(part, 'base64url').toString()))
  const { email, updateTo, requestType, iat, exp, iss, aud } = payload
  const life = `${Number(exp) - Number(iat)} s`
  const open = iss === undefined ? [] : [Object.keys(header), header.alg, iss, aud, Object.keys(payload).sort()]
  return ['jwt', email, updateTo, requestType, life, ...open].filter(part => part !== undefined).join(' ')
}

// A time is kept as its distance from now, coarse enough not to depend on how fast the machine is. One that is years
// away was not made from the clock and is kept as it is.
function describeTime(time: number): string {
  const seconds = Math.round((time - Date.now()) / 1000)
  if (Math.abs(seconds) > 400 * 86_400) return new Date(time).toISOString()
  if (Math.abs(seconds) < 90) return '<now>'
  return `<now${seconds > 0 ? '+' : '-'}${Math.round(Math.abs(seconds) / 300) * 5}min>`
}

/** Lists the strings of a JSON value by their dotted path. */
export function listStrings(value: unknown, path: string, into: Map<string, string>): Map<string, string> {
  if (typeof value === 'string') into.set(path, value)
  else if (value !== null && typeof value === 'object')
    for (const [key, item] of Object.entries(value)) listStrings(item, `${path}.${key}`, into)
  return into
}
