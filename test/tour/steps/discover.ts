import { userInfo } from 'node:os'
import { join } from 'node:path'
import { call, inventory } from '@claviger/api'
import { yes } from '../person.ts'
import { NotAsPromised, type Row } from '../proof.ts'
import type { Step, Tour } from '../tour.ts'

export const discover: Step = {
  name: 'discover',
  title: 'the privileged accounts of the lab are found, with category and tier',
  async run(tour, proof) {
    await begin(tour)
    const carol = tour.person('carol')
    const { targets } = await yes('the list of targets', call(carol.api, inventory.targets, { query: {} }))
    const [orders, web01] = ['orders-db', 'web01'].map((name) => targets.find((t) => t.name === name))
    if (!orders) throw new NotAsPromised('there is no target orders-db; was the server started with npm start?')
    if (!web01) throw new NotAsPromised('there is no target web01: it needs OpenSSH (apt-get install openssh-server), then npm start again')
    const found = await Promise.all(
      [orders, web01].map((t) => yes(`discovery of ${t.name}`, call(carol.api, inventory.discoverTarget, { params: { id: t.id } }))),
    )
    const accounts = found.flatMap((f) => f.accounts)
    proof.show('accounts', accounts.map(rowOf))
    const onOrders = accounts.filter((a) => a.target.name === 'orders-db')
    const onWeb01 = accounts.filter((a) => a.target.name === 'web01')
    for (const privilege of ['superuser', 'createrole', 'bypassrls'])
      proof.prove(
        `orders-db: the ${privilege} is found`,
        onOrders.some((a) => a.privileges.some((p) => p.includes(privilege))),
        onOrders.map(rowOf),
      )
    proof.prove(
      'orders-db: the ordinary role reporting is not among the privileged',
      onOrders.every((a) => a.name !== 'reporting'),
    )
    proof.prove(
      'web01: its accounts are found with the keys that open them',
      onWeb01.length > 0 && onWeb01.every((a) => a.authorisedKeys.length > 0),
      onWeb01.map(rowOf),
    )
    proof.prove(
      'each has a category and a tier with its word',
      accounts.every((a) => a.category.length > 0 && /^Tier \d · \w+/.test(a.tierLabel)),
    )
    const account = onWeb01.find((a) => a.name === 'deploy') ?? onWeb01.find((a) => a.name === userInfo().username)
    if (!account) throw new NotAsPromised(`web01 has neither deploy nor ${userInfo().username}`)
    tour.found('orders', orders)
    tour.found('web01', web01)
    tour.found('account', account)
  },
}

/** Everybody signs in, and "yesterday's" log is put away outside before anything happens. */
async function begin(tour: Tour): Promise<void> {
  const { work } = tour.facts
  const dave = tour.person('dave')
  const yesterday = async () => {
    await dave.signIn(true)
    await dave.must(['audit', 'checkpoint', '--out', join(work, 'yesterday.note')])
    await dave.must(['audit', 'export', '--out', join(work, 'yesterday.jsonl')])
  }
  const alice = async () => {
    const { gateway } = await tour.person('alice').signIn(false)
    if (gateway) tour.found('gateway', gateway)
  }
  await Promise.all([yesterday(), alice(), tour.person('bob').signIn(true), tour.person('carol').signIn(true)])
}

const rowOf = (a: inventory.Account): Row => ({
  account: `${a.name}@${a.target.name}`,
  category: a.category,
  tier: a.tierLabel,
  state: a.state,
  privileges: a.privileges.join(', '),
  keys: a.authorisedKeys.map((k) => k.comment || k.fingerprint).join(', ') || '–',
})
