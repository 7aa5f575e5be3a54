/** A credential in the clear, while a session lasts. */
export interface Opened {
  credential: 'password' | 'ssh-key'
  version: number
  secret: Buffer
}

/** A program to start, and what it needs in its environment; neither holds a secret. */
export interface Client {
  file: string
  args: readonly string[]
  env: Record<string, string>
}
