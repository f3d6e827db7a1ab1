export { createInbox, type Inbox, type Mail } from './inbox.ts'
