import { call, inventory } from '@claviger/api'
import { eventually } from '../eventually.ts'
import { initialCredentials } from '../facts.ts'
import { triesOn, triesOnDatabase } from '../old-credentials.ts'
import { yes } from '../person.ts'
import { rotationRow } from '../rotations.ts'
import type { Step, Tour } from '../tour.ts'

export const vault: Step = {
  name: 'vault',
  title: 'each is taken over: a new credential that nobody knows, set, proven, and the old one refused',
  async run(tour, proof) {
    const carol = tour.person('carol')
    const [orders, web01] = [tour.need('orders'), tour.need('web01')]
    const all = await accountsOf(tour)
    // what programs use is observed until somebody says what they are: nothing of it is replaced before that
    const [before, observed] = [all.filter((a) => a.observedSince === null), all.filter((a) => a.observedSince !== null)]
    const onDatabase = triesOnDatabase(
      orders,
      initialCredentials(tour.facts, 'orders-db'),
      before.map((a) => a.name),
    )
    const onHost = triesOn(tour, web01, initialCredentials(tour.facts, 'web01'))
    const tries = async () => (await Promise.all([onDatabase(), onHost()])).flat()
    // only the first time: later on they are long dead
    if (before.some((a) => a.state === 'found')) {
      const opened = await tries()
      proof.show('before: the initial credentials', opened)
      proof.prove(
        'before, what the lab began with opened its accounts',
        opened.every((row) => row.answer === 'opened'),
        opened,
      )
    }

    for (const { id, name } of observed) {
      const answer = await call(carol.api, inventory.rotateAccount, { params: { id }, body: { reason: 'tour: is it kept as it is?' } })
      proof.prove(
        `${name}, which programs use, is observed: nothing of it is replaced before its users are known`,
        !answer.ok && answer.refusal.code === 'rotation.observed',
        answer,
      )
    }

    // one after the other on a target, whose own login is among those that change; the targets side by side
    const rotated = await Promise.all(
      [orders, web01].map((t) =>
        rotateAll(
          tour,
          before.filter((a) => a.target.id === t.id),
        ),
      ),
    )
    const rotations = rotated.flat()
    proof.show('rotations', rotations.map(rotationRow))
    proof.prove(
      `${before.length} accounts, ${rotations.length} credentials: each set, and proven by a fresh login`,
      rotations.length >= before.length && rotations.every((r) => r.state === 'done' && r.verifiedAt !== null),
      rotations.map(rotationRow),
    )
    proof.prove(
      'each previous credential that the vault held was refused by its target afterwards',
      rotations.every((r) => r.version === 1 || r.oldRefusedAt !== null),
      rotations.map(rotationRow),
    )

    const after = await tries()
    proof.show('after: the initial credentials', after)
    proof.prove(
      'now every password and key that the lab began with, and one that someone left behind, is refused by a real client',
      after.length > 0 && after.every((row) => row.answer === 'refused'),
      after,
    )
    const { formerAdmin } = initialCredentials(tour.facts, 'web01')
    // a rotation that something else ordered has two keys of ours there, for the moment between setting one and removing the other
    const keys = await eventually('web01 with one key for each account', 15, async () => {
      const looked = await yes('discovery of web01', call(carol.api, inventory.discoverTarget, { params: { id: web01.id } }))
      const all = looked.accounts.map((a) => a.authorisedKeys.map((k) => k.fingerprint))
      return all.every((of) => of.length <= 1) ? all.flat() : undefined
    })
    proof.prove('no foreign key is left on web01', !keys.includes(formerAdmin?.fingerprint ?? ''), keys)
    proof.prove(
      'all others are managed: nobody but the vault knows a credential',
      (await accountsOf(tour)).every((a) => a.state === 'managed' || a.observedSince !== null),
    )
  },
}

async function accountsOf(tour: Tour): Promise<inventory.Account[]> {
  const { accounts } = await yes('the list of accounts', call(tour.person('carol').api, inventory.accounts, { query: { limit: 500 } }))
  return accounts.filter((a) => ['orders-db', 'web01'].includes(a.target.name))
}

async function rotateAll(tour: Tour, accounts: inventory.Account[]): Promise<inventory.Rotation[]> {
  const all: inventory.Rotation[] = []
  for (const { id, name, target } of accounts) {
    const asked = call(tour.person('carol').api, inventory.rotateAccount, {
      params: { id },
      body: { reason: 'tour: nobody outside knows it any more' },
    })
    const { rotations } = await yes(`rotation of ${name}@${target.name}`, asked)
    all.push(...rotations)
  }
  return all
}
