/** What can be done to what: actions by resource, such as `{ project: ['create', 'delete'] }`. */
export type Statements = { readonly [resource: string]: readonly string[] }

/** Some of the actions of some of the resources of `S`. */
export type StatementsWithin<S extends Statements> = { readonly [R in keyof S]?: readonly S[R][number][] }

/** What a caller wants to do: to each resource all of the listed actions, or with `connector: 'OR'` any of them. */
export type AccessRequest<S extends Statements> = {
  readonly [R in keyof S]?:
    | readonly S[R][number][]
    | { readonly actions: readonly S[R][number][]; readonly connector: Connector }
}

/** Whether all parts of a request must be allowed, or any of them. */
export type Connector = 'AND' | 'OR'

export type Authorization = { success: true; error?: undefined } | { success: false; error: string }

/** A named set of permissions. `Known` is what may be asked of it, `Granted` what it allows. */
export interface Role<Granted extends Statements = Statements, Known extends Statements = Granted> {
  /**
   * Whether this role may do what is asked.
   * @param connector with `OR` one resource's part is enough; default `AND`
   */
  authorize(request: AccessRequest<Known>, connector?: Connector): Authorization
  readonly statements: Granted
}

// The resources that a role may name: a misspelt one must not pass as "one more resource".
type Exact<S extends Statements, Granted extends Statements> = string extends keyof Granted
  ? unknown
  : StatementsWithin<S> & Record<Exclude<keyof Granted, keyof S>, never>

/** The resources and actions of an application, and the way to make roles of them. */
export interface AccessControl<S extends Statements = Statements> {
  newRole<const Granted extends Statements>(statements: Granted & Exact<S, Granted>): Role<Granted, S>
  readonly statements: S
}
