import { type ChildProcess, spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { sshEnvironment, type Way } from './way.ts'

/** A terminal over there in which every byte comes back at once. */
export interface EchoTerminal {
  /** Milliseconds until one byte that was sent is back. */
  echo(byte: string): Promise<number>
  close(): Promise<void>
}

const ready = 'echo-is-ready'

/** `terminal: false` is a session without a pty, for those that only wait. */
export async function openEcho(way: Way, { terminal }: { terminal: boolean }): Promise<EchoTerminal> {
  // in two halves, so that no echo of the command is taken for it
  const begin = `printf '%s\\n' ${ready.slice(0, 4)}''${ready.slice(4)}; exec cat`
  const command = terminal ? `stty raw -echo; ${begin}` : begin
  const child = spawn('ssh', [...(terminal ? ['-tt'] : ['-T']), ...way.args, command], { env: sshEnvironment, stdio: 'pipe' })
  child.stdin.on('error', () => undefined)
  const gone = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`ssh by way of ${way.name} ended with ${code}: ${said.slice(-300)}`))),
  )
  gone.catch(() => undefined)
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said = `${said}${bytes}`.slice(-2_000)
  })
  try {
    await Promise.race([heard(child, (text) => text.includes(`${ready}\n`) || text.includes(`${ready}\r\n`)), gone, late(way.name)])
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    async echo(byte) {
      const back = heard(child, (text) => text.includes(byte))
      const began = performance.now()
      child.stdin.write(byte)
      await Promise.race([back, gone, late(way.name)])
      return performance.now() - began
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}

function heard(child: ChildProcess, enough: (text: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    let text = ''
    const hear = (bytes: Buffer) => {
      text += bytes
      if (!enough(text)) return
      child.stdout?.off('data', hear)
      resolve()
    }
    child.stdout?.on('data', hear)
  })
}

const late = (name: string): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`nothing came by way of ${name} within a minute`)), 60_000).unref()
  })
