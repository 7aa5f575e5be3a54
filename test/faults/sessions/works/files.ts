import { createHash, randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProgram } from '../../../support/process.ts'
import { begins, fresh, plenty, shownAt } from './lines.ts'
import { shown as shownBy } from './terminal.ts'
import type { Doors, Mark, Work } from './work.ts'

/** How a transfer stands in the recording: its name, how long it was, and what it held. */
export const transfer = (path: string, bytes: number | null, sha256: string | null): string => `put ${path} ${bytes} ${sha256}`

/** The real sftp, which puts one file after the other. */
export async function files(doors: Doors, at: string): Promise<Work> {
  const word = fresh()
  const local = join(doors.work, `of-${word}`)
  const dest = await (await doors.person()).sshArgs(at)
  const program = startProgram('sftp', ['-b', '-', '-P', `${doors.port('ssh')}`, ...dest], {
    seconds: 600,
    env: { ...process.env, SHELL: '/bin/sh' },
  })
  const marks: Mark[] = []
  void (async () => {
    for (let number = 0; !program.over(); number++) {
      const content = randomBytes(5_000 + ((number * 7_919) % 60_000))
      writeFileSync(local, content)
      const name = `${word}-${number}-${plenty(100)}`
      // the second is said by sftp itself, once the first was answered to its end
      const shown = shownAt(program, `\ndone-${name}\n`)
      program.child.stdin?.write(`put ${local} /tmp/${name}\n!echo done-${name}\n`)
      const seen = await shown
      if (seen === undefined) break
      const sha256 = createHash('sha256').update(content).digest('hex')
      marks.push({ at: seen, text: transfer(`/tmp/${name}`, content.length, sha256) })
      program.child.stdin?.write(`rm /tmp/${name}\n`)
      await sleep(120)
    }
    rmSync(local, { force: true })
  })()
  await begins('sftp', program, marks)
  return { name: `files at ${at}`, wire: 'ssh', kind: 'files', ...shownBy(program), marks: () => marks }
}
