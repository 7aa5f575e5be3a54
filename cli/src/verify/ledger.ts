import { type Finding, Findings, rangeIs } from './findings.ts'
import { type EntryLine, type HeaderLine, parseLine, readCheckpointLine, readEntry, readHeader } from './lines.ts'
import { type Checkpoint, parseCheckpoint, parseVerifierKey, signatureOf } from './note.ts'
import { Order } from './order.ts'
import { GrowingTree, leafHash } from './tree.ts'

/** What was kept where the server cannot reach it. */
export interface Outside {
  checkpoint?: string | undefined
  verifierKey?: string | undefined
}

export interface Verdict {
  /** Nothing is wrong *and* an outside checkpoint says so: the only case that may be shown in green. */
  ok: boolean
  /** Whether an outside checkpoint agrees. Without one, a server that lies consistently is not seen. */
  anchored: boolean
  log: string | undefined
  /** Entries read. */
  size: number
  /** Entries that the outside checkpoint vouches for; what follows them stands on the server's signature alone. */
  anchoredTo: number
  verifierKey: string | undefined
  /** Personal values that were erased; their commitments still stand in the tree. */
  erased: number
  findings: Finding[]
  /** How many findings there were beyond the hundred that are kept. */
  more: number
}

/**
 * Verifies an export of the ledger (docs/formats.md) line by line, without a server. Memory does not grow with the log.
 * Never throws on bad input: whatever is wrong becomes a finding.
 */
export async function verifyLedger(lines: AsyncIterable<string> | Iterable<string>, outside: Outside = {}): Promise<Verdict> {
  const findings = new Findings()
  let audit: Audit | undefined
  let number = 0
  for await (const line of lines) {
    number += 1
    const json = parseLine(line)
    if (!audit) {
      const header = json && readHeader(json)
      if (!header) break
      audit = new Audit(header, outside, findings)
      continue
    }
    const checkpoint = json && 'checkpoint' in json ? readCheckpointLine(json) : undefined
    const entry = json && !checkpoint ? readEntry(json) : undefined
    if (checkpoint) audit.checkpoint(checkpoint)
    else if (entry) audit.entry(entry)
    else findings.add('export.unreadable', `Line ${number}, after entry ${audit.order.last}, is neither an entry nor a checkpoint.`)
  }
  if (audit) return audit.finish()
  findings.add('export.unreadable', 'This is no ledger export of version 1: its first line is not the header of one.')
  const nothing = { log: undefined, size: 0, anchoredTo: 0, verifierKey: undefined, erased: 0 }
  return { ok: false, anchored: false, ...nothing, findings: findings.all, more: 0 }
}

/** The state of one verification. */
class Audit {
  readonly order: Order
  readonly #header: HeaderLine
  readonly #findings: Findings
  readonly #outside: Checkpoint | undefined
  readonly #keptAt: string
  /** Over the leaf hashes that the export carries, and over the hashes of its bytes: they part where an entry was changed. */
  readonly #trees = [new GrowingTree(), new GrowingTree()] as const
  #rootsAtOutside: Buffer[] = []
  /** The largest of the log's own checkpoints that agreed, and whether all did. */
  #agreed = 0
  #allAgree = true
  #erased = 0

  constructor(header: HeaderLine, outside: Outside, findings: Findings) {
    this.#header = header
    this.#findings = findings
    this.order = new Order(findings)
    const expected = outside.verifierKey?.trim()
    if (expected !== undefined && expected !== header.verifierKey)
      findings.add('checkpoint.wrong_signer', `The export says it is signed by ${header.verifierKey}; you expect ${expected}.`)
    this.#checkSigner(header.checkpoint, "The export's newest checkpoint")
    if (header.checkpoint.size !== header.size)
      findings.add('export.unreadable', `The header says ${header.size} entries, its checkpoint ${header.checkpoint.size}.`)
    this.#outside = outside.checkpoint === undefined ? undefined : parseCheckpoint(outside.checkpoint)
    const time = this.#outside?.extensions.find((line) => line.startsWith('time '))
    this.#keptAt = time ? ` of ${time.slice(5)}` : ''
    if (this.#outside) this.#checkSigner(this.#outside, `The outside checkpoint${this.#keptAt}`)
    else if (outside.checkpoint !== undefined) findings.add('export.unreadable', 'The outside checkpoint is no C2SP checkpoint.')
    this.#compareRoots()
  }

  entry({ place, id, idInside, bytes, leaf, wrongFields, erased }: EntryLine): void {
    this.order.see(place, id)
    const hash = leafHash(bytes)
    if (!hash.equals(leaf)) this.#about(place, id, 'entry.changed', 'was changed: its bytes do not give its hash in the log')
    else if (idInside !== id) this.#about(place, id, 'entry.wrong_id', `says of itself that it is ${idInside}`)
    for (const field of wrongFields) this.#about(place, id, 'personal.changed', `committed to another ${field} than stands beside it`)
    this.#erased += erased
    this.#trees[0].append(leaf)
    this.#trees[1].append(hash)
    this.#compareRoots()
  }

  /** A checkpoint from the log's own past: the first that disagrees bounds what was changed. */
  checkpoint(past: Checkpoint): void {
    this.#checkSigner(past, `The checkpoint over ${past.size} entries`)
    if (past.size < this.order.last)
      this.#findings.add('checkpoint.out_of_order', `The checkpoint over ${past.size} entries stands after entry ${this.order.last}.`)
    this.order.expect(past.size)
    if (this.order.whole && past.size === this.order.last) this.#compareWith(past)
  }

  finish(): Verdict {
    this.order.finish()
    const { size, log, verifierKey } = this.#header
    const { last } = this.order
    const seen = this.#outside?.size ?? 0
    if (last < size) this.#ranges('export.too_short', `The checkpoint covers ${size} entries, but`, last + 1, size, 'missing at the end')
    if (last > size) this.#ranges('entry.unsigned', 'The export goes on after its checkpoint:', size + 1, last, 'signed by nobody')
    const behind = `The log has ${size} entries; the outside checkpoint${this.#keptAt} saw ${seen}:`
    if (seen > size) this.#ranges('log.behind', behind, size + 1, seen, 'missing. The log was cut, or restored from an older state')
    const anchored = this.#outside !== undefined && this.#rootsAtOutside.some((root) => this.#outside?.root.equals(root))
    const forked = `At ${seen} entries the outside checkpoint${this.#keptAt} has another root:`
    if (!anchored && this.#allAgree && this.#rootsAtOutside.length > 0)
      this.#ranges('log.forked', forked, 1, seen, 'not what was seen then. The log was rewritten and signed again')
    const { all, more } = this.#findings
    const anchoredTo = anchored ? seen : 0
    const read = this.#trees[0].size
    return {
      ok: anchored && all.length === 0,
      anchored,
      log,
      size: read,
      anchoredTo,
      verifierKey,
      erased: this.#erased,
      findings: all,
      more,
    }
  }

  #about(place: number, id: string, code: Finding['code'], what: string): void {
    this.#findings.add(code, `Entry ${place} (${id}) ${what}.`, [place, place], id)
  }

  #ranges(code: Finding['code'], before: string, first: number, last: number, after: string): void {
    this.#findings.add(code, `${before} ${rangeIs(first, last)} ${after}.`, [first, last])
  }

  #checkSigner(checkpoint: Checkpoint, what: string): void {
    const { log, verifierKey } = this.#header
    const origin = log.startsWith('claviger.dev/ledger/') ? log : `claviger.dev/ledger/${log}`
    if (checkpoint.origin !== origin) this.#findings.add('checkpoint.other_log', `${what} is of ${checkpoint.origin}, not of ${origin}.`)
    const key = parseVerifierKey(verifierKey)
    const signed = key ? signatureOf(checkpoint, key) : 'unknown'
    const signers = checkpoint.signatures.map((s) => `${s.name}+${s.keyHash}`).join(' and ')
    if (signed === 'unknown') this.#findings.add('checkpoint.wrong_signer', `${what} is signed by ${signers}, not by ${verifierKey}.`)
    if (signed === 'invalid') this.#findings.add('checkpoint.bad_signature', `${what} has a signature that is not over its text.`)
  }

  #compareRoots(): void {
    const { size } = this.#trees[0]
    if (!this.order.whole) return
    if (size === this.#outside?.size) this.#rootsAtOutside = this.#trees.map((tree) => tree.root())
    if (size === this.#header.checkpoint.size) this.#compareWith(this.#header.checkpoint)
  }

  #compareWith(signed: Checkpoint): void {
    if (!this.#allAgree) return
    this.#allAgree = this.#trees.some((tree) => tree.root().equals(signed.root))
    const before = this.#agreed
    if (this.#allAgree) this.#agreed = signed.size
    else
      this.#ranges(
        'range.changed',
        `The checkpoint over ${signed.size} entries has another root, the one over ${before} agrees:`,
        before + 1,
        signed.size,
        'not all as they were signed',
      )
  }
}
