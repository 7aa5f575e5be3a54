import { CliError } from '../kit/exit.ts'
import type { Shell } from '../kit/shell.ts'

/** Asks for something that may take a fresh code: without one first, and once more with it where the answer says so. */
export async function withFreshCode<T>(shell: Shell, file: string | undefined, ask: (code: { code?: string }) => Promise<T>): Promise<T> {
  if (file !== undefined) return await ask({ code: await codeFrom(shell, file) })
  try {
    return await ask({})
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'access.fresh_code_needed') throw error
    return await ask({ code: await codeFrom(shell, undefined) })
  }
}

const codeFrom = async ({ ask }: Shell, file: string | undefined) =>
  (await ask.hidden('Your code: more time takes a fresh one', file, '--code-file')).replaceAll(' ', '')
