/** The names in a role text or in what a client sends: trimmed, none twice. */
export function roleNames(role: string | readonly string[] | null | undefined): string[] {
  const texts = typeof role === 'string' ? [role] : (role ?? [])
  const names = texts.flatMap(text => text.split(',')).map(name => name.trim())
  return [...new Set(names.filter(Boolean))]
}

/** Whether a role text names `role`. */
export function hasRole(text: string | null | undefined, role: string): boolean {
  return roleNames(text).includes(role)
}
