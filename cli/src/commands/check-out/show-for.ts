import type { Io } from '../../kit/io.ts'

/** Shows a secret on a terminal and takes it away again: after so many seconds, or when somebody presses Enter. What the terminal keeps elsewhere is its own. */
export async function showFor(
  io: Io,
  title: string,
  secret: string,
  seconds: number,
  after = 'Check the account in when you are done.',
): Promise<void> {
  const { stdin, stdout } = io
  const lines = secret.replace(/\n$/, '').split('\n')
  const width = Math.max(1, stdout.columns ?? 80)
  const rows = lines.reduce((n, line) => n + Math.max(1, Math.ceil(line.length / width)), 0)
  // without control characters: a credential cannot drive the terminal
  const harmless = lines.map((line) => line.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?')).join('\n')
  stdout.write(`${title}\n${harmless}\n`)
  const hint = `Press Enter to take it away, or wait ${seconds} seconds.`
  stdout.write(hint)
  const pressed = await new Promise<boolean>((resolve) => {
    const done = (enter: boolean) => () => {
      clearTimeout(timer)
      stdin.off('data', enterPressed)
      stdin.pause()
      resolve(enter)
    }
    const enterPressed = done(true)
    const timer = setTimeout(done(false), seconds * 1000)
    stdin.once('data', enterPressed)
    stdin.resume()
  })
  // Enter has moved the cursor down by one
  stdout.write(`${pressed ? '\x1b[1A' : ''}\r\x1b[${rows}A\x1b[0JIt was taken away. ${after}\n`)
}
