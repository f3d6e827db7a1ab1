export function Header() {
  return (
    <header className="header">
      <a className="brand" href="/">
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <rect width="32" height="32" rx="9" className="brand-ground" />
          <path d="M11 8v16M21 9l-9.5 8L21.5 24" className="brand-letter" />
        </svg>
        Kernia <span className="brand-note">demo</span>
      </a>
      <nav aria-label="API">
        <a href="/api/auth/reference">API reference</a>
        <a href="/api/auth/openapi.json">OpenAPI</a>
      </nav>
    </header>
  )
}
