/** What an endpoint of Better Auth 1.6.11 can answer with beside success. */
export interface Endpoint {
  /** `:name` in the path stands for any one part. */
  line: string
  codes?: readonly string[]
  /** Codes that no request can bring about, and why. */
  unreachable?: Readonly<Record<string, string>>
}
