import { join } from 'node:path'
import { root } from '../../support/claviger.ts'
import { cliFolder, type Lane, type Openers } from '../lane.ts'
import { openProgram } from '../live.ts'

/** `claviger connect`, as somebody at their own machine. */
const connecting = ({ claviger, at }: Lane, args: readonly string[]) => ({
  command: [process.execPath, join(root, 'cli/src/main.ts'), 'connect', at, ...args],
  env: { ...claviger.env, CLAVIGER_SERVER: claviger.base, CLAVIGER_CONFIG: cliFolder(claviger, 'alice') },
})
const sql = { enter: ';\n', goodbye: '\\q\n', interrupt: 'SIGINT' } as const

export const openByCli: Openers = {
  async ssh(lane) {
    const { command, env } = connecting(lane, [])
    // on a terminal, which `script` makes: a shell is for people
    const { NO_COLOR: _, ...rest } = env as NodeJS.ProcessEnv
    const typed = command.map((word) => `'${word}'`).join(' ')
    return openProgram('script', ['-qefc', `stty cols 80 rows 24; exec ${typed}`, '/dev/null'], {
      ...{ env: { ...rest, TERM: 'xterm' }, enter: '\r', goodbye: 'exit\r', interrupt: '\u0003' },
    })
  },
  async postgres(lane) {
    await lane.grant()
    const { command, env } = connecting(lane, ['--database', 'postgres', '--', '-X', '-A', '-t'])
    return openProgram(command[0] ?? '', command.slice(1), { env, ...sql })
  },
  async mysql(lane) {
    await lane.grant()
    const { command, env } = connecting(lane, ['--', '-N', '-n', '-f', '--local-infile=1'])
    return openProgram(command[0] ?? '', command.slice(1), { env, ...sql })
  },
}
