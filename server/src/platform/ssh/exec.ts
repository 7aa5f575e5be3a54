import type { ClientChannel } from 'ssh2'
import { ok } from '../../kernel/result.ts'
import { type Outcome, protocol, timedOut, unreachable } from './failures.ts'

export interface ExecOptions {
  /** Written to the command's standard input, which is then closed. The caller owns and wipes it. */
  stdin?: Uint8Array
  /** Bound on stdout and stderr together; 1 MiB unless told. More is a failure, and the command's channel is closed. */
  mostOutput?: number
  /** Milliseconds until we give up; 30 s unless told. */
  timeoutMs?: number
}

export interface Executed {
  /** Exit status; undefined when a signal ended the command. */
  status: number | undefined
  signal: string | undefined
  stdout: Buffer
  stderr: Buffer
}

/** Collects what one command writes until its channel is closed. */
export function collect(channel: ClientChannel, options: ExecOptions): Promise<Outcome<Executed>> {
  const most = options.mostOutput ?? 1_048_576
  return new Promise((resolve) => {
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => finish(timedOut('the command did not end in time')), options.timeoutMs ?? 30_000)
    const finish = (outcome: Outcome<Executed>) => {
      clearTimeout(timer)
      if (!outcome.ok) channel.close()
      resolve(outcome)
    }
    const keep = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length
      if (size > most) finish(protocol(`the command wrote more than ${most} bytes`))
      else into.push(chunk)
    }
    channel.on('data', keep(stdout))
    channel.stderr.on('data', keep(stderr))
    // a command that ends without reading all of its input is no failure: its exit status says what happened
    channel.on('error', () => {})
    // not `exit`: it may have been said before we listened, in the same packet that opened the channel
    channel.on('close', (status?: number | null, signal?: string) => {
      // nobody said how it ended: it may have done its work or not
      if (status === undefined) return finish(unreachable('the connection broke before the command ended'))
      finish(ok({ status: status ?? undefined, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }))
    })
    channel.end(options.stdin && Buffer.from(options.stdin.buffer, options.stdin.byteOffset, options.stdin.byteLength))
  })
}
