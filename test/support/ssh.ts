import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Claviger } from './claviger.ts'
import type { Person } from './person.ts'
import { type Program, startProgram } from './process.ts'
import { until } from './until.ts'

let answers = 0

/** Seconds after which a client is taken for stuck: one that is killed for being slow says nothing of what the test asks. */
const patience = 180

/** The environment in which ssh asks our script and nobody else. */
function asking(work: string, answer: string): NodeJS.ProcessEnv {
  const script = join(work, 'askpass.sh')
  writeFileSync(script, '#!/bin/sh\nexec cat "$JOURNEY_ANSWER"\n', { mode: 0o700 })
  chmodSync(script, 0o700)
  const file = join(work, `answer-${++answers}`)
  writeFileSync(file, `${answer}\n`, { mode: 0o600 })
  const { SSH_AUTH_SOCK: _, ...env } = process.env
  return { ...env, SSH_ASKPASS: script, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0', JOURNEY_ANSWER: file, TERM: 'xterm' }
}

/** The real ssh through the gateway with certificate. `-tt` gives a terminal into which `type` writes. */
export async function startSsh(
  { work }: Claviger,
  person: Person,
  account: string,
  how: { command?: string; terminal?: boolean; options?: readonly string[]; seconds?: number },
): Promise<Program & { type(text: string): void; shows(pattern: RegExp, seconds?: number): Promise<RegExpExecArray> }> {
  const args = [
    ...(how.terminal ? ['-tt'] : []),
    ...(how.options ?? []),
    ...(await person.sshArgs(account)),
    ...(how.command === undefined ? [] : [how.command]),
  ]
  const program = startProgram('ssh', args, { seconds: how.seconds ?? patience, env: asking(work, '') })
  let read = 0
  return {
    ...program,
    type: (text) => void program.child.stdin?.write(text),
    shows: (pattern, seconds = 60) =>
      until(
        () => `${pattern} in the terminal, which shows: ${program.said().slice(-600)}`,
        () => {
          const match = pattern.exec(program.said().slice(read))
          if (match) read += match.index + match[0].length
          else if (program.over()) throw new Error(`ssh ended before ${pattern}: ${program.said().slice(-600)}`)
          return match ?? undefined
        },
        seconds,
      ),
  }
}

/** Runs one command over there to its end. `status` is what ssh itself answers. */
export async function ssh(
  claviger: Claviger,
  person: Person,
  account: string,
  command: string,
  seconds = patience,
): Promise<{ status: number; said: string; out: string }> {
  const program = await startSsh(claviger, person, account, { command, seconds })
  program.child.stdin?.end()
  return { status: await program.ended, said: program.said(), out: program.out() }
}

/** The real sftp through the gateway with certificate, which does `commands` and ends with the first that fails. */
export async function sftp({ work }: Claviger, person: Person, account: string, commands: readonly string[]): Promise<number> {
  const batch = join(work, `batch-${++answers}`)
  writeFileSync(batch, `${commands.join('\n')}\n`)
  const args = (await person.sshArgs(account)).flatMap((arg, at, all) =>
    arg === '-l' ? ['-o'] : all[at - 1] === '-l' ? [`User=${arg}`] : [arg],
  )
  return await startProgram('sftp', ['-b', batch, ...args], { seconds: patience, env: asking(work, '') }).ended
}

/** The real ssh with arguments of the test's own; `answer` is what it gets to its one question. */
export const plainSsh = (work: string, args: readonly string[], answer: string, seconds = patience): Program =>
  startProgram('ssh', ['-F', 'none', ...args], { seconds, env: asking(work, answer) })
