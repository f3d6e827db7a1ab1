const roleNames = ['member', 'admin', 'owner'] as const

/** The roles that an organization has unless the application defines others. */
export type RoleName = (typeof roleNames)[number]

export function RoleOptions() {
  return roleNames.map(role => (
    <option key={role} value={role}>
      {role}
    </option>
  ))
}
