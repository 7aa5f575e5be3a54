import type { Custodian } from '../../kit/custodians.ts'
import { CliError } from '../../kit/exit.ts'
import type { Shell } from '../../kit/shell.ts'

/** The terminal's other screen: nothing on it can be scrolled back to, and it is gone with what was on it when it is left (DECSET 1049). */
const enter = '\u001b[?1049h\u001b[2J\u001b[H'
const leave = '\u001b[2J\u001b[H\u001b[?1049l'

/** Shows each share to its custodian, once, and goes on when they say so. */
export async function showShares(shell: Shell, shares: readonly string[]): Promise<void> {
  let shown = 0
  try {
    for (const share of shares) {
      await untilYes(shell, `Share ${shown + 1} of ${shares.length}: is its custodian here, and nobody else looking? It is shown once`)
      await alone(shell, share)
      shown += 1
    }
  } catch (error) {
    if (!(error instanceof CliError && error.code === 'cli.cancelled')) throw error
    throw new CliError(
      'failed',
      `Stopped after ${shown} of ${shares.length} shares; the others are lost. Make new ones: the shares that were shown will then open nothing.`,
      'claviger init',
      { code: 'cli.cancelled' },
    )
  }
}

/** Past the writer, which would blank it: to be shown here is what it is for. */
async function alone({ io, ask }: Pick<Shell, 'io' | 'ask'>, share: string): Promise<void> {
  io.stdout.write(`${enter}\n${share}\n\n`)
  try {
    await untilYes({ ask }, 'Written down, and compared')
  } finally {
    io.stdout.write(leave)
  }
}

/** A share must not be gone because somebody pressed Enter too early. */
async function untilYes({ ask }: Pick<Shell, 'ask'>, question: string): Promise<void> {
  let yes = false
  while (!yes) yes = await ask.confirm(question, '--out-dir')
}

/** Shares that only their custodians can open may stand on any terminal. */
export function showEncrypted({ print }: Pick<Shell, 'print'>, shares: readonly string[], custodians: readonly Custodian[]): void {
  for (const [i, share] of shares.entries()) {
    print.line(`Share ${i + 1}, for ${custodians[i]?.name ?? 'nobody'}:`, 'bold')
    print.line(share.trimEnd())
  }
  print.hint('Send each to its custodian, who opens it with: claviger share open FILE --identity FILE')
}
