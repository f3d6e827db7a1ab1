import type { BetterFetchOption } from 'better-auth/client'

/**
 * What this browser knows of passkeys that the server does not keep: under which random handle each one's user is filed
 * with the authenticator. It is no secret.
 */
const key = (credentialID: string) => `passkey-handle:${credentialID}`

const rpId = location.hostname

/** Takes part in the auth client's requests: remembers handles, and tells of passkeys that turn out to be unknown. */
export const passkeyWatch = {
  onSuccess: ({ request, data }) => {
    if (isFor(request.url, 'generate-register-options')) localStorage.setItem(key('new'), data.user.id)
    if (isFor(request.url, 'verify-registration')) file(data.credentialID, localStorage.getItem(key('new')))
    if (isFor(request.url, 'verify-authentication')) {
      const { id, response } = sentCredential(request.body)
      file(id, response.userHandle)
    }
  },
  onError: async ({ request, error }) => {
    if (isFor(request.url, 'verify-authentication') && error.code === 'PASSKEY_NOT_FOUND') {
      await signalDeleted(sentCredential(request.body).id)
    }
  },
} satisfies BetterFetchOption

/** The server does not know this passkey any more: it need not be offered again. */
export async function signalDeleted(credentialId: string): Promise<void> {
  localStorage.removeItem(key(credentialId))
  await canSignal()?.signalUnknownCredential?.({ rpId, credentialId }).catch(ignore)
}

/** The passkey has another name. The browser shows what it was called when it was made. */
export async function signalRenamed(
  credentialId: string,
  { name, displayName }: { name: string; displayName: string },
): Promise<void> {
  const userId = localStorage.getItem(key(credentialId))
  if (userId) await canSignal()?.signalCurrentUserDetails?.({ rpId, userId, name, displayName }).catch(ignore)
}

/** Not every browser has passkeys, nor each of these the signals (WebAuthn level 3, section 5.1.10). */
function canSignal(): Partial<typeof PublicKeyCredential> | undefined {
  return globalThis.PublicKeyCredential
}

// A signal is a courtesy: what was to be done is done.
function ignore(): void {}

function isFor(url: URL | string, path: string): boolean {
  return new URL(url, location.href).pathname.endsWith(`/passkey/${path}`)
}

function file(credentialID: string, handle: string | null | undefined): void {
  if (handle) localStorage.setItem(key(credentialID), handle)
}

function sentCredential(body: unknown): { id: string; response: { userHandle?: string } } {
  return (typeof body === 'string' ? JSON.parse(body) : body).response
}
