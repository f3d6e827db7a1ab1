/** What a code is for, such as `email-otp-sign-in`, and whose it is. Another code for the same replaces it. */
export interface CodePlace {
  purpose: string
  subject: string
}

/** A code as it is stored: in which form, its owner decides. */
export interface StoredCode {
  /** Of this one code: another one in its place has another. */
  id: string
  value: string
  expiresAt: Date
  /** What the store needs to find it again as it was. */
  state: string
}

/** Where codes live. */
export interface CodeStore {
  /** @param tries at how many the code ends */
  create(code: { value: string; expiresAt: Date }, tries: number): Promise<void>
  /** The code, or one that has expired, where that is still known. */
  find(): Promise<StoredCode | undefined>
  /** Counts a try, unless none is left. Of any number of concurrent calls exactly as many as are left count. */
  countTry(code: StoredCode, tries: number): Promise<'counted' | 'exhausted' | 'gone'>
  /** Takes a try back that was no guess. */
  returnTry(code: StoredCode, tries: number): Promise<void>
  /** Uses the code up: of any number of concurrent calls exactly one is told `true`. */
  consume(code: StoredCode): Promise<boolean>
  extend(code: StoredCode, expiresAt: Date): Promise<void>
}
