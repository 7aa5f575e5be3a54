import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { session } from '@claviger/api'
import type { Verdict } from '../../../cli/src/verify/index.ts'
import type { Proof } from '../proof.ts'
import type { Step, Tour } from '../tour.ts'

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
    const [whole, since, unanchored, flipped, deleted, restored] = await Promise.all([
      verify('now.jsonl', ...now),
      verify('now.jsonl', '--checkpoint', file('yesterday.note')),
      verify('now.jsonl'),
      verify('flipped.jsonl', ...now),
      verify('deleted.jsonl', ...now),
      verify('yesterday.jsonl', ...now),
    ])
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
    await recordingToo(tour, proof, now)
  },
}

interface Saved {
  ok: boolean
  recording: { state: string; vouched: boolean; finding?: { from: number; to: number; message: string } }
}

/** A recording's sealed file, checked by the same stranger against the same export: as it is, and with one byte changed. */
async function recordingToo(tour: Tour, proof: Proof, now: readonly string[]): Promise<void> {
  const dave = tour.person('dave')
  const file = (name: string) => join(tour.facts.work, name)
  const { sessions } = await dave.must<{ sessions: session.Session[] }>(['sessions', 'list', '--limit', '20'])
  const over = sessions.find((one) => one.recording?.state === 'sealed')
  if (!over) throw new Error('no session of this tour has ended')
  await dave.must(['sessions', 'save', over.id, '--out', file('session.clvr')])
  // that it was taken is in the ledger since, and behind the export that speaks of it
  const bytes = readFileSync(file('session.clvr'))
  const at = Math.floor(bytes.length / 2)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file('changed.clvr'), bytes)
  const verify = (name: string) =>
    dave.json<Saved>(['sessions', 'verify', file(name), '--ledger', file('now.jsonl'), ...now, '--server', 'http://127.0.0.1:1'])
  const [whole, changed] = await Promise.all([verify('session.clvr'), verify('changed.clvr')])
  const { finding } = changed.answer.recording
  proof.prove('a recording verifies offline against the export, without any key', whole.status === 0 && whole.answer.ok, whole)
  proof.prove(
    `one byte of it changed: the bytes around ${at} are named`,
    changed.status === 1 && finding !== undefined && finding.from <= at && at < finding.to,
    changed,
  )
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
