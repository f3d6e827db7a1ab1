/** The roles that a user's `role` names. */
export function roleNames(role: string): string[] {
  return role
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}
