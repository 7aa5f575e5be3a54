import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { networkPossible, prepareNetwork } from '../../../test/faults/packets.ts'

/*
 * What a target sends is dropped, as by a firewall that forgot its connections: no answer, no acknowledgement, no word that the connection is gone. For
 * that the doors, their targets and the clients run in a network of their own.
 */

interface Left {
  outcomes: unknown[]
  statements: number
  ends: string[]
  said?: string
  stderr?: string
  status?: number
  /** Statements that the target still runs. */
  running?: number
}

if (process.getuid?.() === 0 && networkPossible()) {
  let found: Record<'quietPg' | 'busyPg' | 'quietSsh' | 'busySsh' | (typeof clients)[number] | (typeof waiting)[number], Left>
  const clients = ['quietPgClient', 'quietSshClient', 'busySshClient'] as const
  const waiting = ['busyPgClient', 'busyMysqlClient'] as const
  beforeAll(async () => {
    const script = join(import.meta.dirname, 'test', 'lose-targets.ts')
    const inside = ['--net', '/bin/sh', '-c', `${prepareNetwork} && exec "$0" "$@"`, process.execPath, script]
    const { stdout } = await promisify(execFile)('unshare', inside, { timeout: 240_000 })
    found = JSON.parse(stdout)
  }, 300_000)

  describe('a target whose packets get lost', () => {
    const lost = [{ reason: 'target_failed', detail: 'nothing was heard of the target any more' }]
    const says = /Nothing is heard of the target any more: the connection to it is lost/

    test('ends a quiet session of node-postgres, which is told', () => {
      expect(found.quietPg).toMatchObject({ outcomes: lost, statements: 0, said: expect.stringMatching(says) })
      expect(found.quietPg.said).not.toMatch(/last statement/)
    })

    test('ends one in which psql has just sent a statement: it is told that nobody knows what became of it, and so is the recording', () => {
      expect(found.busyPg).toMatchObject({ outcomes: lost, statements: 2, ends: ['ok', 'cut'], said: expect.stringMatching(says) })
      expect(found.busyPg.said).toMatch(/Whether it carried out the last statement is not known/)
    })

    test.each(['quietSsh', 'busySsh'] as const)('ends a shell as what it is, and not as a command that ended: %s', (which) => {
      expect(found[which]).toMatchObject({ outcomes: lost, status: 255, stderr: expect.stringMatching(says) })
    })
  })

  describe('a client whose machine or network is gone without a word', () => {
    test.each(clients)('does not leave its session running: %s', (which) => {
      expect(found[which].outcomes).toMatchObject([{ reason: 'closed' }])
    })

    test.each(waiting)('while its statement ran: that does not run on at the target, %s', (which) => {
      expect(found[which]).toMatchObject({ outcomes: [{ reason: 'closed' }], ends: ['cut'], running: 0 })
    })
  })
} else test('needs root and routing rules for ports, by which packets can be dropped: nothing to show here', () => {})
