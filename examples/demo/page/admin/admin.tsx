import { useState } from 'react'
import { ActionButton } from '../action-button.tsx'
import { authClient } from '../auth-client.ts'
import { FailureMessage } from '../failure-message.tsx'
import { Field } from '../fields.tsx'
import { Form, type FormValues } from '../form.tsx'
import type { Notify } from '../notice.tsx'
import { useLoaded } from '../use-loaded.ts'
import { UserRow } from './user-row.tsx'

const pageSize = 20

/** All users, for administrators. */
export function Admin({ userId, notify }: { userId: string; notify: Notify }) {
  const [search, setSearch] = useState('')
  const [limit, setLimit] = useState(pageSize)
  const query = { limit, sortBy: 'createdAt', sortDirection: 'desc' as const }
  const users = useLoaded(
    () =>
      authClient.admin.listUsers({
        query: search ? { ...query, searchField: 'email', searchOperator: 'contains', searchValue: search } : query,
      }),
    `${search} ${limit}`,
  )
  const find = ({ text }: FormValues) => {
    setLimit(pageSize)
    setSearch(text('search').trim())
  }
  const { users: rows = [], total = 0 } = users.data ?? {}
  return (
    <section className="card wide" aria-labelledby="users-title">
      <div className="row">
        <h2 id="users-title">Users</h2>
        <span className="badge">{total}</span>
      </div>
      <p className="lead">You see this because you signed up first: the first user of the demo is its admin.</p>
      <Form label="Search" look="line" submit="Search" isBusy={false} failure={null} onSubmit={find}>
        <Field label="Part of the e-mail" name="search" type="search" />
      </Form>
      <FailureMessage failure={users.failure} />
      {users.data && rows.length === 0 && <p className="empty">Nobody has such an address.</p>}
      <ul className="rows" aria-labelledby="users-title">
        {rows.map(user => (
          <UserRow key={user.id} user={user} isSelf={user.id === userId} notify={notify} reload={users.reload} />
        ))}
      </ul>
      {rows.length < total && (
        <ActionButton onClick={() => setLimit(limit + pageSize)}>
          Show more ({rows.length} of {total})
        </ActionButton>
      )}
    </section>
  )
}
