import { describe, expect, it } from 'vitest'
import { checkOrigin } from '../../src/origin.ts'

const trusted = ['https://app.example.com', 'https://*.trusted.example']
const own = 'https://app.example.com'
const cookie = 'better-auth.session_token=x'

type Outcome = 'allowed' | 'MISSING_OR_NULL_ORIGIN' | 'INVALID_ORIGIN' | 'CROSS_SITE_NAVIGATION_LOGIN_BLOCKED'

function outcomeOf(headers: Record<string, string>, isLoginForm: boolean): Outcome {
  try {
    checkOrigin({ headers: new Headers(headers), trusted, own, isLoginForm })
    return 'allowed'
  } catch (error) {
    return (error as { authCode: Outcome }).authCode
  }
}

describe('a call with a cookie', () => {
  const cases: [headers: Record<string, string>, outcome: Outcome][] = [
    [{ origin: 'https://app.example.com' }, 'allowed'],
    [{ origin: 'https://a.trusted.example' }, 'allowed'],
    [{ origin: 'https://evil.com' }, 'INVALID_ORIGIN'],
    [{ origin: 'https://app.example.com.evil.com' }, 'INVALID_ORIGIN'],
    [{ origin: 'http://app.example.com' }, 'INVALID_ORIGIN'],
    [{ origin: 'null' }, 'MISSING_OR_NULL_ORIGIN'],
    [{}, 'MISSING_OR_NULL_ORIGIN'],
    [{ origin: '' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ origin: '/' }, 'INVALID_ORIGIN'],
    [{ origin: '/dashboard' }, 'INVALID_ORIGIN'],
    [{ referer: 'https://app.example.com/page?x=1' }, 'allowed'],
    [{ referer: 'https://evil.com/https://app.example.com' }, 'INVALID_ORIGIN'],
    [{ referer: '/page' }, 'INVALID_ORIGIN'],
    [{ referer: 'no address' }, 'INVALID_ORIGIN'],
    [{ referer: '' }, 'MISSING_OR_NULL_ORIGIN'],
    // The Origin counts, whatever the Referer says.
    [{ origin: 'https://evil.com', referer: 'https://app.example.com/' }, 'INVALID_ORIGIN'],
    [{ origin: 'null', referer: 'https://app.example.com/' }, 'MISSING_OR_NULL_ORIGIN'],
    // A page that tells no address, of this very site: the browser vouches for that, and for nothing less.
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, 'allowed'],
    [{ origin: 'null', 'sec-fetch-site': 'same-site' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ origin: 'null', 'sec-fetch-site': 'cross-site' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ origin: 'null', 'sec-fetch-site': 'none' }, 'MISSING_OR_NULL_ORIGIN'],
    // What the browser says about itself does not stand in for an Origin that is missing.
    [{ 'sec-fetch-site': 'same-origin' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ origin: 'https://evil.com', 'sec-fetch-site': 'same-origin' }, 'INVALID_ORIGIN'],
  ]
  it.each(cases)('%j: %s', (headers, outcome) => {
    for (const isLoginForm of [true, false]) expect(outcomeOf({ cookie, ...headers }, isLoginForm)).toBe(outcome)
    // Any cookie will do: it need not be one of ours.
    expect(outcomeOf({ cookie: 'theme=dark', ...headers }, false)).toBe(outcome)
  })
})

describe('a call without a cookie', () => {
  it('is nobody else’s session: its origin does not matter', () => {
    const anywhere: Record<string, string>[] = [
      {},
      { origin: 'https://evil.com' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of anywhere) expect(outcomeOf(headers, false)).toBe('allowed')
  })
})

describe('a sign-in without a cookie', () => {
  const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const cases: [headers: Record<string, string>, outcome: Outcome][] = [
    // No browser at all: a server or an app.
    [{}, 'allowed'],
    [{ origin: 'https://app.example.com' }, 'allowed'],
    [{ referer: 'https://a.trusted.example/login' }, 'allowed'],
    [{ origin: 'https://evil.com' }, 'INVALID_ORIGIN'],
    [{ origin: 'null' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ referer: 'https://evil.com/form' }, 'INVALID_ORIGIN'],
    // A browser tells by Fetch Metadata that it is one; then it must tell the origin too.
    [{ 'sec-fetch-site': 'same-origin' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ 'sec-fetch-mode': 'cors' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ 'sec-fetch-dest': 'empty' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://app.example.com' }, 'allowed'],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 'allowed'],
    [{ 'sec-fetch-site': 'cross-site', origin: 'null', 'sec-fetch-mode': 'cors' }, 'MISSING_OR_NULL_ORIGIN'],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://a.trusted.example' }, 'allowed'],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://evil.com' }, 'INVALID_ORIGIN'],
    // A form of another site that navigates here signs the victim in as the attacker.
    [navigation, 'CROSS_SITE_NAVIGATION_LOGIN_BLOCKED'],
    [{ ...navigation, origin: 'https://evil.com' }, 'CROSS_SITE_NAVIGATION_LOGIN_BLOCKED'],
    [{ ...navigation, origin: 'https://app.example.com' }, 'CROSS_SITE_NAVIGATION_LOGIN_BLOCKED'],
    [{ ...navigation, 'sec-fetch-site': 'same-origin', origin: 'https://app.example.com' }, 'allowed'],
    [{ ...navigation, 'sec-fetch-site': 'same-site', origin: 'https://evil.example.com' }, 'INVALID_ORIGIN'],
  ]
  it.each(cases)('%j: %s', (headers, outcome) => expect(outcomeOf(headers, true)).toBe(outcome))
})
