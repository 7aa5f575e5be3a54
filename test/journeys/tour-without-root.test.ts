import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startClaviger } from '../support/claviger.ts'
import { showsAllSteps } from './whole-tour.ts'

/* The tour as a normal user runs it, where web01 has one account: their own. */

if (process.getuid?.() === 0)
  test('the tour shows all eight steps to a normal user too', async () => {
    const home = mkdtempSync(join(tmpdir(), 'claviger-home-'))
    const user = { uid: 64899, gid: 64899, home }
    chownSync(home, user.uid, user.gid)
    // a user with a shell who exists in a mount namespace alone: of the server there, and of the tour
    const people = `${readFileSync('/etc/passwd', 'utf8')}newcomer:x:${user.uid}:${user.gid}::${home}:/bin/sh\n`
    writeFileSync(join(home, 'passwd'), people, { mode: 0o644 })
    const enter = `mount --bind "$0" /etc/passwd && mount -t devpts -o newinstance,ptmxmode=0666,mode=600 devpts /dev/pts &&
      mount --bind /dev/pts/ptmx /dev/ptmx && exec setpriv --reuid=${user.uid} --regid=${user.gid} --clear-groups "$@"`
    const through = ['unshare', '--mount', '/bin/sh', '-c', enter, join(home, 'passwd')]
    try {
      const claviger = await startClaviger({ lab: true, as: user, through })
      try {
        await showsAllSteps(claviger, through)
      } finally {
        await claviger.stop()
      }
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  }, 900_000)
else test('the tour of a normal user is the other one here', () => expect(process.getuid?.()).not.toBe(0))
