import type { Call, Transport } from '@claviger/api'
import { CliError } from './exit.ts'
import { type Io, Writer } from './io.ts'
import { Printer } from './printer.ts'
import { Progress } from './progress.ts'
import { Questions } from './questions.ts'
import { answered, transportTo } from './server.ts'
import { defaultServer, readSettings, type Settings } from './settings.ts'
import { readSignIn, type SignIn } from './sign-in.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  json?: boolean
  server?: string
}

/** What a command works with: printer, questions, and the server as the signed-in person. */
export class Shell {
  readonly io: Io
  readonly settings: Settings
  readonly print: Printer
  readonly ask: Questions
  readonly progress: Progress
  readonly #writer: Writer

  constructor(io: Io, options: GlobalOptions) {
    this.io = io
    this.#writer = new Writer(io)
    this.settings = readSettings(io.env, options.server)
    this.print = new Printer(this.#writer, options.json === true)
    this.ask = new Questions(io)
    this.progress = new Progress(io, this.#writer)
  }

  /** The sign-in for the server that is meant, whether or not it still holds. */
  get signIn(): SignIn | undefined {
    const signIn = readSignIn(this.settings.folder)
    if (signIn) this.hide(signIn.token)
    return signIn && (this.settings.server ?? signIn.server) === signIn.server ? signIn : undefined
  }

  /** Where the server is: what was said, else where the sign-in is, else this machine. */
  get base(): string {
    return this.settings.server ?? readSignIn(this.settings.folder)?.server ?? defaultServer(this.io.env)
  }

  /** The server without saying who we are. */
  get anonymous(): Transport {
    return transportTo(this.base)
  }

  /** The server as the signed-in person. */
  get server(): Transport {
    return transportTo(this.base, this.signedIn.token)
  }

  get signedIn(): SignIn {
    const signIn = this.signIn
    if (!signIn) throw new CliError('notSignedIn', `You are not signed in at ${this.base}.`, 'claviger login')
    if (Date.parse(signIn.expiresAt) <= Date.now()) throw new CliError('notSignedIn', 'Your sign-in has expired.', 'claviger login')
    return signIn
  }

  /** Waits for an answer, saying what for when it takes long. */
  async get<T>(asked: Promise<Call<T>>, what = `Waiting for ${this.base}`): Promise<T> {
    return await this.progress.during(what, answered(asked, this.base))
  }

  hide(secret: string): void {
    this.#writer.redactor.hide(secret)
  }
}
