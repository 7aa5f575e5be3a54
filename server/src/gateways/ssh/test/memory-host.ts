import type { GrantId, PersonId, RequestId, SessionId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import type { Login, PinnedIdentity } from '../../../targets/contract.ts'
import type {
  Admitted,
  Attempt,
  CutReason,
  Door,
  FileAct,
  Forward,
  Forwarded,
  Grant,
  How,
  JudgeFile,
  JudgeQuery,
  LiveSession,
  Meanwhile,
  OfferedLink,
  Overseen,
  Recognised,
  Recorder,
  Refusal,
  ResultPart,
  SessionHost,
  StatementEnd,
  StatementStart,
} from '../../contract.ts'

type Outcome = Parameters<LiveSession['ended']>[0]

/** What was written down about one session. */
export interface Recorded {
  id: SessionId
  attempt: Attempt
  how: How
  output: Buffer[]
  input: Buffer[]
  sizes: { columns: number; rows: number }[]
  outcomes: Outcome[]
  statements: StatementStart[]
  results: { n: number; part: ResultPart | undefined }[]
  ends: StatementEnd[]
  files: FileAct[]
  forwards: Forward[]
  forwarded: Forwarded[]
  credential: Secret
  cut(reason: CutReason): void
  extend(remainingMs: number): void
  /** Set once bytes pass. */
  door: Overseen | undefined
  /** Supervised, and nobody is there. */
  unobserved: boolean
}

/** What somebody could do in the console. */
export interface MemoryLink {
  attempt: Attempt
  client: string
  shown: readonly string[]
  number: string
  code: string
  gone: boolean
  confirm(): void
  refuse(code?: string, say?: string): void
}

export interface MemoryTarget {
  host: string
  port: number
  identity: PinnedIdentity
  settings?: { readonly [key: string]: unknown }
  login: () => Login
  /** What must not be shown. */
  scrub?: string
  /** What takes its place when the target refuses it: rotated between release and login. */
  renewed?: { login: () => Login; scrub?: string }
}

/**
 * A session host that keeps everything in memory and does what the contract says: keys by their exact blob, codes that are
 * taken once, five wrong ones lock, no grant without a decision, and an outcome for each session.
 */
export class MemoryHost implements SessionHost {
  /** Person to key blobs in base64. */
  readonly keys = new Map<string, Set<string>>()
  readonly targets = new Map<string, MemoryTarget>()
  /** `person account@target` to when it ends, in monotonic milliseconds. */
  readonly grants = new Map<string, number>()
  readonly sessions: Recorded[] = []
  readonly malformedSeen: string[] = []
  readonly refusedSeen: string[] = []
  readonly refusalsSeen: string[] = []
  readonly waiting = new Map<string, (decided: Result<true, Refusal>) => void>()
  certificates: SessionHost['recogniseCertificate'] = async () => this.#no('identity.certificate', 'No certificate is known here.')
  newRecorder: (recorded: Recorded) => Recorder = memoryRecorder
  notice = 'This session is recorded.'
  /** Asked about each file, where there is one. */
  judgeFile: JudgeFile | undefined
  /** Policy lets some file pass in a session of statements. */
  sendsFiles = false
  /** How much of what statements give back is kept. */
  keepResults: LiveSession['keepResults']
  /** Asked about each command before its session is open, where there is one. */
  judgeCommand: ((command: string, meanwhile: Meanwhile) => Promise<Refusal | undefined>) | undefined
  /** Asked about each text of statements, where there is one. */
  judgeQuery: JudgeQuery | undefined
  refuseForward: (to: Forward) => Refusal | undefined = () => undefined
  /** Instead of what the grant leaves: counted from the opening, however long the sign-in took. */
  remainingMs: number | undefined
  finishMs = 0
  supervised = false
  /** What is answered to who asks for more time. */
  renew: LiveSession['renew'] = async () => this.#no('access.chain_too_long', 'Eight hours are all that there is.')
  #codes = new Set<string>()
  #nextCode = 100_000
  #wrong = 0
  #count = 0

  /** A code that is good for one sign-in. */
  code(): string {
    const code = String(this.#nextCode++)
    this.#codes.add(code)
    return code
  }

  grant(person: string, where: string, ms = 3_600_000): void {
    this.grants.set(`${person} ${where}`, performance.now() + ms)
  }

  async recogniseKey(attempt: Attempt, _algorithm: string, publicKey: Uint8Array) {
    const known = this.keys.get(attempt.person)?.has(Buffer.from(publicKey).toString('base64'))
    if (!known) return this.#no('identity.key_unknown', `This key is not registered for ${attempt.person}.`)
    return ok({ person: 'per_aaaaaaaaaa' as PersonId, attempt, admitted: false })
  }

  recogniseCertificate: SessionHost['recogniseCertificate'] = (...args) => this.certificates(...args)

  async admit(recognised: Recognised, code: string): Promise<Result<Admitted, Refusal>> {
    if (this.#wrong >= 5) return this.#no('identity.locked', 'Locked for 30 minutes.', true)
    if (!this.#codes.delete(code)) {
      this.#wrong += 1
      return this.#no('identity.code_wrong', `Wrong code. ${5 - this.#wrong} tries left.`)
    }
    this.#wrong = 0
    this.admittedBy.push((recognised.shown ?? ['key']).join('+'))
    return ok({ ...recognised, admitted: true, presence: 'presence' })
  }

  /** Links that were shown, whoever they were shown to. */
  readonly links: MemoryLink[] = []

  async offerLink(attempt: Attempt, client: string, recognised?: Recognised): Promise<Result<OfferedLink, Refusal>> {
    const { promise, resolve } = Promise.withResolvers<Result<Admitted, Refusal>>()
    const shown = recognised?.shown ?? []
    const link: MemoryLink = {
      ...{ attempt, client, shown, number: String(100 + this.links.length), code: `AAAA-000${this.links.length}`, gone: false },
      confirm: () => {
        this.admittedBy.push([...shown, 'link'].join('+'))
        resolve(ok({ person: 'per_aaaaaaaaaa' as PersonId, attempt, shown, admitted: true, presence: 'presence' }))
      },
      refuse: (code = 'link.refused', say = 'This sign-in was refused in the console.') => resolve(this.#no(code, say, true)),
    }
    this.links.push(link)
    const confirmed = async (signal: AbortSignal) => {
      const leave = () => {
        link.gone = true
        resolve(this.#no('link.gone', 'You stopped waiting.', true))
      }
      if (signal.aborted) leave()
      signal.addEventListener('abort', leave, { once: true })
      return await promise
    }
    return ok({ url: `http://localhost:8200/link/${link.code}`, number: link.number, seconds: 120, confirmed })
  }

  /** What was shown before each code that was right, or link that was confirmed. */
  readonly admittedBy: string[] = []
  /** Person to password. Five wrong ones lock a name, known or not. */
  readonly passwords = new Map<string, string>()
  readonly #wrongPasswords = new Map<string, number>()

  async recognisePassword(attempt: Attempt, password: string): Promise<Result<Recognised, Refusal>> {
    const wrong = this.#wrongPasswords.get(attempt.person) ?? 0
    if (wrong >= 5) return this.#no('identity.locked', 'Too many wrong tries.', true)
    if (this.passwords.get(attempt.person) !== password) {
      this.#wrongPasswords.set(attempt.person, wrong + 1)
      return this.#no('identity.wrong_credentials', `Name or password is not right; ${4 - wrong} tries left.`)
    }
    return ok({ person: 'per_aaaaaaaaaa' as PersonId, attempt, admitted: false, shown: ['password' as const] })
  }

  /** Tickets that are good for the grant of who they are for. */
  readonly tickets = new Map<string, string>()

  async recogniseTicket(attempt: Attempt, ticket: Secret): Promise<Result<{ admitted: Admitted; grant: Grant }, Refusal>> {
    const person = this.tickets.get(await ticket.use('sign', (bytes) => Buffer.from(bytes).toString()))
    if (person !== attempt.person)
      return this.#no('ticket.unknown', 'This connection ticket is not known. Get a new one: claviger connect.')
    const admitted = { person: 'per_aaaaaaaaaa' as PersonId, attempt, admitted: true as const, presence: 'presence' }
    const grant = await this.findGrant(admitted)
    return grant.value ? ok({ admitted, grant: grant.value }) : this.#no('ticket.grant_over', 'The grant of this ticket has ended.')
  }

  async findGrant({ attempt }: Admitted) {
    const ends = this.grants.get(nameOf(attempt))
    const remainingMs = ends === undefined ? 0 : Math.floor(ends - performance.now())
    return ok(remainingMs > 0 ? { id: 'grt_aaaaaaaaaa' as GrantId, remainingMs } : undefined)
  }

  async requestInPlace({ attempt }: Admitted) {
    const request = `req_${String(++this.#count).padStart(10, '0')}` as RequestId
    this.#requests.set(request, attempt)
    return ok({ request, approvers: ['bob', 'carol'], link: `http://localhost:8200/requests/${request}` })
  }
  readonly #requests = new Map<string, Attempt>()

  async awaitDecision(request: RequestId, signal: AbortSignal) {
    const decided = await new Promise<Result<true, Refusal>>((resolve) => {
      this.waiting.set(request, resolve)
      signal.addEventListener('abort', () => resolve(fail({ code: 'access.wait_aborted', say: 'The wait was given up.' })))
    })
    this.waiting.delete(request)
    const attempt = this.#requests.get(request)
    if (!decided.ok || !attempt) return decided.ok ? this.#no('access.request_unknown', 'No such request.') : decided
    this.grant(attempt.person, `${attempt.account}@${attempt.target}`)
    return ok({ id: 'grt_aaaaaaaaaa' as GrantId, remainingMs: 3_600_000 })
  }

  async open(
    admitted: Admitted,
    grant: { remainingMs: number },
    how: How,
    meanwhile: Meanwhile = {},
  ): Promise<Result<LiveSession, Refusal>> {
    const refused = how.kind === 'exec' && (await this.judgeCommand?.(how.command ?? '', meanwhile))
    if (refused) return fail(refused)
    const target = this.targets.get(admitted.attempt.target)
    if (!target) return this.#no('inventory.target_unknown', `No target ${admitted.attempt.target}.`)
    let login = target.login()
    const ends = performance.now() + (this.remainingMs ?? grant.remainingMs)
    let cut: (reason: CutReason) => void = () => {}
    let extend: (remainingMs: number) => void = () => {}
    const recorded: Recorded = {
      ...{ id: `ses_${String(++this.#count).padStart(10, '0')}` as SessionId, attempt: admitted.attempt, how },
      ...{
        output: [],
        input: [],
        sizes: [],
        outcomes: [],
        statements: [],
        results: [],
        ends: [],
        files: [],
        forwards: [],
        forwarded: [],
        credential: login.credential.secret,
        cut: (reason) => cut(reason),
        extend: (remainingMs) => extend(remainingMs),
        door: undefined,
        unobserved: this.supervised,
      },
    }
    this.sessions.push(recorded)
    const hide = (text: string | undefined) => (text === undefined ? undefined : Secret.fromText(text))
    let scrub = hide(target.scrub)
    return ok({
      ...{ id: recorded.id, notice: this.notice },
      ...{ endsFor: 'grant_ended' as const, terms: { idleMs: 900_000, finishMs: this.finishMs }, renew: (code) => this.renew(code) },
      get remainingMs() {
        return Math.round(ends - performance.now())
      },
      asks: false,
      get waiting() {
        return recorded.unobserved
      },
      whenObserved: async (say, signal) => {
        say('Waiting for an observer.')
        while (recorded.unobserved && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10))
      },
      target: { kind: 'linux-ssh', host: target.host, port: target.port, identity: target.identity, settings: target.settings ?? {} },
      recorder: this.newRecorder(recorded),
      get login() {
        return login
      },
      get scrub() {
        return scrub
      },
      renewLogin: async () => {
        if (!target.renewed) return false
        scrub?.wipe()
        login = target.renewed.login()
        scrub = hide(target.renewed.scrub)
        recorded.credential = login.credential.secret
        return true
      },
      onCut: (callback) => {
        cut = callback
      },
      onExtended: (callback) => {
        extend = callback
      },
      overseen: (by) => {
        recorded.door = by
      },
      judgeFile: this.judgeFile,
      sendsFiles: this.sendsFiles,
      judgeQuery: this.judgeQuery,
      keepResults: this.keepResults,
      forward: async (to) => {
        recorded.forwards.push({ ...to })
        const refused = this.refuseForward(to)
        return refused ? fail(refused) : ok((end) => void recorded.forwarded.push(end))
      },
      ended: async (outcome) => {
        recorded.outcomes.push(outcome)
        scrub?.wipe()
      },
    })
  }

  malformed(_door: Door, _from: string, what: string): void {
    this.malformedSeen.push(what)
  }

  refused(_attempt: Attempt, what: string): void {
    this.refusedSeen.push(what)
  }

  #no(code: string, say: string, final = false) {
    this.refusalsSeen.push(code)
    return fail<Refusal>({ code, say, ...(final && { final }) })
  }
}

const nameOf = ({ person, account, target }: Attempt) => `${person} ${account}@${target}`

export function memoryRecorder(recorded: Recorded): Recorder {
  return {
    output: (bytes) => void recorded.output.push(Buffer.from(bytes)),
    input: (bytes) => void recorded.input.push(Buffer.from(bytes)),
    resize: (columns, rows) => void recorded.sizes.push({ columns, rows }),
    statementStarted: (statement) => void recorded.statements.push(statement),
    resultPassed: (n, read) => void recorded.results.push({ n, part: read() }),
    statementEnded: (end) => void recorded.ends.push(end),
    file: (act) => void recorded.files.push(act),
    pressure: () => undefined,
  }
}
