import type { Claviger } from '../../support/claviger.ts'
import { startSsh } from '../../support/ssh.ts'
import type { Way } from './way.ts'

/** The real ssh with a terminal, by certificate. */
export const shellWay = (claviger: Claviger, at: string): Way => ({
  at,
  async open(person) {
    const shell = await startSsh(claviger, person, at, { terminal: true, seconds: 1_800 })
    try {
      await shell.shows(/This session is recorded/, 60)
      // typed in two halves, so that its echo is not taken for it
      shell.type("PS1='rea''dy> '\n")
      await shell.shows(/ready> /, 60)
    } catch (error) {
      shell.kill()
      throw error
    }
    return {
      ...{ over: shell.over, ended: shell.ended, kill: shell.kill },
      async show(marker) {
        shell.type(`echo ${marker.slice(0, 4)}'${marker.slice(4)}'\n`)
        await shell.shows(new RegExp(`${marker}\\r?\\n`), 60)
      },
    }
  },
})
