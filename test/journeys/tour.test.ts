import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, startClaviger } from '../support/claviger.ts'
import { runProgram } from '../support/process.ts'

/* The tour as a newcomer runs it: eight steps, each as promised. */

const isRoot = process.getuid?.() === 0
const steps = ['discover', 'vault', 'request', 'approve', 'connect', 'recording', 'end', 'ledger']

async function tour(as?: { uid: number; gid: number; home: string }, through?: readonly string[]): Promise<void> {
  const claviger = await startClaviger({ lab: true, ...(as && { as }), ...(through && { through }) })
  try {
    const [file = '', ...args] = [...(through ?? []), process.execPath, join(root, 'test/tour/main.ts'), '--json']
    const ran = await runProgram(file, args, { seconds: 180, env: { ...claviger.env, CLAVIGER_SERVER: claviger.base } })
    const lines = ran.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: string; ok: boolean })
    const failed = lines.filter((l) => !l.ok).map((l) => JSON.stringify(l).slice(0, 1500))
    expect(failed).toEqual([])
    expect(lines.map((l) => l.step)).toEqual(steps)
    expect(ran.status).toBe(0)
  } finally {
    await claviger.stop()
  }
}

test('the tour shows all eight steps', () => tour())

if (isRoot)
  test('and as a normal user, where web01 has one account: their own', async () => {
    const home = mkdtempSync(join(tmpdir(), 'claviger-home-'))
    const user = { uid: 64899, gid: 64899, home }
    chownSync(home, user.uid, user.gid)
    // a user with a shell who exists in a mount namespace alone: of the server there, and of the tour
    const people = `${readFileSync('/etc/passwd', 'utf8')}newcomer:x:${user.uid}:${user.gid}::${home}:/bin/sh\n`
    writeFileSync(join(home, 'passwd'), people, { mode: 0o644 })
    const enter = `mount --bind "$0" /etc/passwd && mount -t devpts -o newinstance,ptmxmode=0666,mode=600 devpts /dev/pts &&
      mount --bind /dev/pts/ptmx /dev/ptmx && exec setpriv --reuid=${user.uid} --regid=${user.gid} --clear-groups "$@"`
    try {
      await tour(user, ['unshare', '--mount', '/bin/sh', '-c', enter, join(home, 'passwd')])
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
