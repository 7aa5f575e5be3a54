import { startProgram } from '../../../support/process.ts'
import { until } from '../../../support/until.ts'
import { begins, fresh, linesOf } from './lines.ts'
import type { Doors, Work } from './work.ts'

/** Lines that nobody can guess, ten in a second. */
const lines = 'while :; do head -c 300 /dev/urandom | base64 -w 0; echo; sleep 0.1; done'

const sshArgs = async (doors: Doors, at: string): Promise<string[]> => [
  ...['-p', `${doors.port('ssh')}`],
  ...(await (await doors.person()).sshArgs(at)),
]

/** The real ssh with a terminal, in which a command is typed that goes on writing. */
export async function shell(doors: Doors, at: string): Promise<Work> {
  const program = startProgram('ssh', ['-tt', ...(await sshArgs(doors, at))], { seconds: 600, env: { ...process.env, TERM: 'xterm' } })
  const word = fresh()
  const marks = linesOf(program, word)
  await until('a shell', () => {
    if (program.over()) throw new Error(`ssh ended before the shell began: ${program.said().slice(-500)}`)
    return /This session is recorded/.test(program.said())
  }).catch((error) => {
    program.kill()
    throw error
  })
  // in two halves, so that its echo is not taken for it
  program.child.stdin?.write(`echo ${word.slice(0, 4)}'${word.slice(4)}'; ${lines}\n`)
  await begins('a shell', program, marks)
  return { name: `shell at ${at}`, wire: 'ssh', kind: 'shell', ...shown(program), marks: () => marks }
}

/** The real ssh that runs one command without a terminal. */
export async function command(doors: Doors, at: string): Promise<Work> {
  const word = fresh()
  const program = startProgram('ssh', [...(await sshArgs(doors, at)), `echo ${word}; ${lines}`], { seconds: 600, env: process.env })
  const marks = linesOf(program, word)
  return { name: `command at ${at}`, wire: 'ssh', kind: 'exec', ...shown(program), marks: () => marks }
}

/** The same, once it has begun to write. */
export async function commandThatRuns(doors: Doors, at: string): Promise<Work> {
  const work = await command(doors, at)
  await until('a command', () => {
    if (work.over()) throw new Error(`ssh ended before the command began: ${work.said().slice(-500)}`)
    return work.marks().length > 0
  }).catch((error) => {
    work.kill()
    throw error
  })
  return work
}

export const shown = ({ over, ended, said, kill }: Pick<Work, 'over' | 'ended' | 'said' | 'kill'>) => ({ over, ended, said, kill })
