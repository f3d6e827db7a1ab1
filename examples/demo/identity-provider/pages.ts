import type { AuthorizationRequest } from './authorization-request.ts'
import { type Person, people } from './people.ts'

/** Asks who it is. */
export function loginPage(request: AuthorizationRequest): string {
  const rows = people.map(
    ({ id, name, email }) => `
      <button name="person" value="${id}"><strong>${escapeHtml(name)}</strong><span>${escapeHtml(email)}</span></button>`,
  )
  return page('Who are you?', [
    '<p>Local ID is a small OpenID provider beside the demo. Its people are samples and have no passwords.</p>',
    `<form method="get" action="/authorize">${hidden(request)}${rows.join('')}</form>`,
    `<form method="post" action="/decide">${hidden(request)}
      <button class="quiet" name="decision" value="deny">Cancel</button></form>`,
  ])
}

/** Asks whether the application may know. */
export function consentPage(request: AuthorizationRequest, { id, name, email }: Person): string {
  return page('Allow the Kernia demo?', [
    `<p>You are <strong>${escapeHtml(name)}</strong>. The demo will know your name and your address ${escapeHtml(email)}.</p>`,
    `<form method="post" action="/decide">${hidden(request)}
      <input type="hidden" name="person" value="${id}">
      <button class="primary" name="decision" value="allow">Allow</button>
      <button class="quiet" name="decision" value="deny">Deny</button></form>`,
  ])
}

export function errorPage(): string {
  return page('This request is not valid', ['<p>The application asked for something that it may not have.</p>'])
}

function hidden(request: AuthorizationRequest): string {
  return Object.entries(request)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

function page(title: string, parts: string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Local ID</title>
<link rel="icon" href="data:,">
<style>${style}</style>
<main><small>Local ID</small><h1>${title}</h1>${parts.join('\n')}</main>
</html>`
}

const style = `
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#eef0f6, #12141a); color: light-dark(#1b1d26, #e8eaf2);
  font: 1rem/1.5 ui-sans-serif, system-ui, sans-serif }
main { box-sizing: border-box; width: min(26rem, 100vw); padding: 2rem; border-radius: 14px;
  background: light-dark(#fff, #1b1e27); border: 1px solid light-dark(#dcdfe9, #2e3240) }
h1 { margin: .25rem 0 1rem; font-size: 1.5rem; line-height: 1.2 }
small, span, p { color: light-dark(#595e70, #a3a9bb) }
p strong { color: light-dark(#1b1d26, #e8eaf2) }
form { display: grid; gap: .625rem; margin-top: .625rem }
button { display: grid; padding: .625rem 1rem; border-radius: 9px; border: 1px solid #868ca0; text-align: start;
  background: none; color: inherit; font: inherit; cursor: pointer }
button:hover { background: light-dark(#f3f4f9, #232733) }
button:focus-visible { outline: 2px solid #5468d4; outline-offset: 2px }
.primary, .quiet { text-align: center }
.primary { background: #4457c0; border-color: #4457c0; color: #fff }
.primary:hover { background: #394aa8 }
.quiet { border-color: transparent }
`
