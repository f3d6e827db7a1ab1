import type { User } from '../../entities/index.ts'

/** What following a link came to, beside its success: nothing to show, or the user it is about. */
export interface Followed {
  user?: User | null
}
