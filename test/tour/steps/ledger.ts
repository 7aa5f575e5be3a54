import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../../../cli/src/verify/index.ts'
import type { Proof } from '../proof.ts'
import type { Step } from '../tour.ts'

type Line = { place?: number; id?: string; bytes?: string }
type Seen = { status: number; verdict: Verdict }

export const ledger: Step = {
  name: 'ledger',
  title: 'an export verifies offline against an outside checkpoint; every change to it is found and named',
  async run(tour, proof) {
    const dave = tour.person('dave')
    const file = (name: string) => join(tour.facts.work, name)
    const { verifierKey, size } = await dave.must<{ verifierKey: string; size: number }>(['audit', 'checkpoint', '--out', file('now.note')])
    await dave.must(['audit', 'export', '--out', file('now.jsonl')])
    const victim = spoil(file('now.jsonl'), file('flipped.jsonl'), file('deleted.jsonl'))

    // a stranger: no sign-in, no server, only files and a key
    const verify = async (name: string, ...more: string[]): Promise<Seen> => {
      const { status, answer } = await dave.json<Verdict>(['audit', 'verify', file(name), ...more, '--server', 'http://127.0.0.1:1'])
      return { status, verdict: answer }
    }
    const now = ['--checkpoint', file('now.note'), '--key', verifierKey]
    const whole = await verify('now.jsonl', ...now)
    const since = await verify('now.jsonl', '--checkpoint', file('yesterday.note'))
    const unanchored = await verify('now.jsonl')
    const flipped = await verify('flipped.jsonl', ...now)
    const deleted = await verify('deleted.jsonl', ...now)
    const restored = await verify('yesterday.jsonl', ...now)
    const rows = {
      'as exported': whole,
      'against the checkpoint from the start': since,
      'without a checkpoint': unanchored,
      'one byte changed': flipped,
      'one row deleted': deleted,
      "yesterday's state": restored,
    }
    proof.show(
      'claviger audit verify',
      Object.entries(rows).map(([what, seen]) => ({ what, exit: seen.status, says: sayings(seen) })),
    )
    proof.show('outside checkpoint', `${size} entries, signed by ${verifierKey}`)
    judge(proof, { whole, since, unanchored, flipped, deleted, restored }, victim)
  },
}

function judge(
  proof: Proof,
  seen: Record<'whole' | 'since' | 'unanchored' | 'flipped' | 'deleted' | 'restored', Seen>,
  { place, id }: { place: number; id: string },
): void {
  const { whole, since, unanchored, flipped, deleted, restored } = seen
  const found = ({ status, verdict }: Seen, code: string) => (status === 1 ? verdict.findings.find((f) => f.code === code) : undefined)
  proof.prove(
    'the export verifies offline and is anchored in the outside checkpoint',
    whole.status === 0 && whole.verdict.ok && whole.verdict.anchored,
    whole,
  )
  proof.prove(
    'it only grew since the checkpoint from the start',
    since.status === 0 && since.verdict.anchoredTo < since.verdict.size,
    since,
  )
  proof.prove(
    'without an outside checkpoint it is unanchored, and not green',
    unanchored.status === 1 && !unanchored.verdict.anchored && unanchored.verdict.findings.length === 0,
    unanchored,
  )
  proof.prove(`one byte changed: entry ${place} (${id}) is named`, found(flipped, 'entry.changed')?.entry === id, flipped)
  proof.prove(`one row deleted: place ${place} is named`, found(deleted, 'entry.missing')?.places?.join() === `${place},${place}`, deleted)
  const behind = found(restored, 'log.behind')
  proof.prove("yesterday's state: what is missing is named", behind?.places?.[0] === restored.verdict.size + 1, restored)
}

/** Copies the export with one byte of an entry changed, and with that row deleted. Answers which. */
function spoil(file: string, flippedFile: string, deletedFile: string): { place: number; id: string } {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const entries = lines
    .map((line) => JSON.parse(line) as Line)
    .map((line, at) => ({ ...line, at }))
    .filter((line) => line.place !== undefined)
  // one of this run's own, and not the last
  const victim = entries[entries.length - Math.min(10, Math.ceil(entries.length / 2))]
  if (!victim?.bytes || victim.place === undefined || victim.id === undefined) throw new Error('the export has no entries')
  const bytes = Buffer.from(victim.bytes, 'base64')
  const byte = Math.floor(bytes.length / 2)
  bytes[byte] = (bytes[byte] ?? 0) ^ 1
  const changed = JSON.stringify({ ...JSON.parse(lines[victim.at] ?? ''), bytes: bytes.toString('base64') })
  writeFileSync(flippedFile, `${lines.with(victim.at, changed).join('\n')}\n`)
  writeFileSync(deletedFile, `${lines.toSpliced(victim.at, 1).join('\n')}\n`)
  return { place: victim.place, id: victim.id }
}

function sayings({ verdict }: Seen): string {
  if (verdict.ok) return `verified and anchored up to entry ${verdict.anchoredTo} of ${verdict.size}`
  return verdict.findings.length > 0 ? verdict.findings.map((f) => f.message).join(' ') : 'unanchored'
}
