import { join } from 'node:path'
import { CliError } from './exit.ts'
import { readIfThere, remove, writePrivate } from './files.ts'

/** What `claviger login` leaves behind. The token is good for one server only and is never sent to another. */
export interface SignIn {
  server: string
  name: string
  token: string
  expiresAt: string
  /** Until when the SSH certificate beside it holds; undefined when there is none. */
  certificateUntil?: string | undefined
}

const fileIn = (folder: string) => join(folder, 'sign-in.json')

export function readSignIn(folder: string): SignIn | undefined {
  const content = readIfThere(fileIn(folder))
  if (content === undefined) return undefined
  const broken = () => new CliError('notSignedIn', `${fileIn(folder)} is damaged.`, 'claviger login')
  try {
    const { server, name, token, expiresAt, certificateUntil } = JSON.parse(content)
    if (![server, name, token, expiresAt].every((value) => typeof value === 'string')) throw broken()
    return { server, name, token, expiresAt, ...(typeof certificateUntil === 'string' && { certificateUntil }) }
  } catch {
    throw broken()
  }
}

export const writeSignIn = (folder: string, signIn: SignIn): void =>
  writePrivate(fileIn(folder), `${JSON.stringify({ version: 1, ...signIn }, null, 2)}\n`)

export const forgetSignIn = (folder: string): void => remove(fileIn(folder))
