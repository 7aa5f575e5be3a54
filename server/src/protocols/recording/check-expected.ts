import type { Block } from './block.ts'
import type { Manifest } from './manifest.ts'
import type { Expected, Finding, Verdict } from './verdict.ts'

/** Compares a chain that fits together with what is known from outside. */
export function checkExpected(verdict: Verdict, blocks: readonly Block[], { manifest, heads = [] }: Expected): Verdict {
  const altered = (finding: Finding): Verdict => ({ ...verdict, state: 'altered', finding })
  const facts = verdict.facts
  if (manifest && facts?.recording !== manifest.recording) {
    return altered({
      code: 'recording.other_recording',
      from: 0,
      to: blocks[0]?.to ?? 0,
      detail: `${facts?.recording} in the place of ${manifest.recording}`,
    })
  }

  let chunks = 0
  /** For each number of chunks, the blocks that were the last one at that time: the chunk, or a segment header after it. */
  const standing: Block[][] = [[]]
  for (const block of blocks) {
    if (block.what === 'chunk') standing[++chunks] = []
    standing[chunks]?.push(block)
  }

  let sure = 0
  const points = manifest && !manifest.complete ? [...heads, manifest] : heads
  for (const { chunks: count, head } of points.toSorted((a, b) => a.chunks - b.chunks)) {
    const then = standing[count]
    if (!then)
      return altered({
        code: 'recording.cut_back',
        chunk: chunks,
        from: verdict.bytes,
        to: verdict.bytes,
        detail: `${count} chunks were written`,
      })
    const block = then.find(({ hash }) => hash.toString('hex') === head)
    if (!block)
      return altered({
        code: 'recording.rewritten',
        chunk: Math.max(0, standing.findIndex((at) => at.some((b) => b.to > sure)) - 1),
        from: sure,
        to: then.at(-1)?.to ?? 0,
      })
    sure = block.to
  }

  if (manifest?.complete) {
    const finding = againstManifest(verdict, blocks, manifest)
    if (finding) return altered(finding)
    sure = verdict.bytes
  }
  return { ...verdict, anchored: sure > 0 && sure === verdict.bytes }
}

function againstManifest(verdict: Verdict, blocks: readonly Block[], manifest: Manifest): Finding | undefined {
  const { bytes, chunks, segments, head, facts } = verdict
  if (chunks < manifest.chunks || verdict.state === 'interrupted') {
    return {
      code: 'recording.cut_back',
      chunk: chunks,
      from: bytes,
      to: verdict.tail?.to ?? bytes,
      detail: `${manifest.chunks} chunks were written`,
    }
  }
  if (
    head === manifest.head &&
    segments === manifest.segments &&
    bytes === manifest.bytes &&
    chunks === manifest.chunks &&
    facts?.session === manifest.session
  )
    return undefined
  const last = blocks.at(-1)
  // as many blocks and bytes as there should be: then it is the last block that nothing in the file itself vouches for
  if (head !== manifest.head && bytes === manifest.bytes && chunks === manifest.chunks && last) {
    return { code: 'recording.chunk_altered', chunk: chunks - 1, from: last.from, to: last.to }
  }
  return { code: 'recording.wrong_manifest', from: 0, to: bytes, detail: `head ${head} in the place of ${manifest.head}` }
}
