import { join } from 'node:path'
import { audit, call } from '@claviger/api'
import { expect, test } from 'vitest'
import { writeSignIn } from '../../cli/src/kit/sign-in.ts'
import { cli } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import type { Office } from './console-office.ts'

/* `claviger sessions unproven …` against the real server: two officers, each at a terminal of their own, and somebody who is none. */

export interface TypedUnseen {
  session: string
  text: string
  /** A second officer, beside carol. */
  second: Promise<Person>
}

export function openedByLine(office: Office, typed: () => TypedUnseen): void {
  test('by the command line the two of them open it as well; alone neither does, and who is no officer not at all', async () => {
    const { session, text, second } = typed()
    const { claviger } = office
    const as = async (person: Person) => {
      const config = join(claviger.work, `unproven-${person.name}`)
      writeSignIn(config, { server: claviger.base, name: person.name, token: person.token, expiresAt: '2099-01-01T00:00:00.000Z' })
      return async (...args: string[]) => {
        const input = args.includes('--code-file') ? `${await person.code()}\n` : ''
        return await cli(claviger, ['sessions', 'unproven', ...args], { env: { CLAVIGER_CONFIG: config }, input })
      }
    }
    const carol = await claviger.person('carol')
    const [byCarol, byOlga, byDave] = [await as(carol), await as(await second), await as(await claviger.person('dave'))]

    const asked = await byCarol('ask', session, '--reason', 'INC-8: once more', '--code-file', '-', '--json')
    expect(asked.status, asked.said).toBe(0)
    const { id } = JSON.parse(asked.out)
    const ownYes = await byCarol('approve', id, '--code-file', '-')
    expect([ownYes.status, ownYes.out]).toEqual([5, expect.not.stringContaining('is open')])
    const stranger = await byDave('show', id, '--code-file', '-')
    expect([stranger.status, stranger.said]).toEqual([5, expect.not.stringContaining(text)])

    const approved = await byOlga('approve', id, '--code-file', '-')
    expect([approved.status, approved.said]).toEqual([
      0,
      expect.stringMatching(/carol wants to see what alice typed unseen.*INC-8[\s\S]*to carol and you/),
    ])
    const shown = await byOlga('show', id, '--code-file', '-')
    expect([shown.status, shown.said]).toEqual([0, expect.stringContaining('2 looks are left. Recording:')])
    expect(shown.out).toMatch(new RegExp(`\\ds\\s+${text}␊\\s+stty -echo;echo q`))

    const ended = await byCarol('withdraw', id, '--code-file', '-')
    expect([ended.status, ended.said]).toEqual([0, expect.stringContaining(`${id} opens nothing any more.`)])
    const over = await byOlga('show', id, '--code-file', '-')
    expect([over.status, over.said]).toEqual([5, expect.not.stringContaining(text)])
    const listed = await byDave('list', '--session', session)
    expect([listed.status, listed.out]).toEqual([
      0,
      expect.stringMatching(new RegExp(`${id}\\s+withdrawn\\s+${session}\\s.*carol\\s+olga\\s+1/3\\s+INC-8`)),
    ])

    const { entries } = must(await call(carol.api, audit.ledger, { query: { limit: 200 } }))
    const said = entries.filter(({ fields }) => fields.opening === id).map(({ act, phase }) => `${act} ${phase}`)
    expect(said).toEqual(
      expect.arrayContaining(['recording.input_asked done', 'recording.input_approved done', 'recording.input_showing done']),
    )
    expect(JSON.stringify(entries)).not.toContain(text)
  })
}
