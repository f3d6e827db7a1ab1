export { completeAdapter } from '../adapters/complete.ts'
export type { ConformanceCase, OpenAdapter } from './conformance/case.ts'
export { adapterConformance } from './conformance/index.ts'
export { conformanceSchema } from './conformance/schema.ts'
export { createInbox, type Inbox, type Mail } from './inbox.ts'
export {
  type AuthenticationAnswer,
  type Ceremony,
  type CreationOptions,
  createSoftAuthenticator,
  type RegistrationAnswer,
  type RequestOptions,
  type SoftAuthenticator,
  type SoftAuthenticatorOptions,
} from './soft-authenticator.ts'
