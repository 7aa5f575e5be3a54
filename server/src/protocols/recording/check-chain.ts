import { type Block, type ByteSource, type Gap, scan } from './block.ts'
import { checkExpected } from './check-expected.ts'
import { inOrder, nameBreak } from './name-break.ts'
import type { Expected, Finding, Verdict } from './verdict.ts'

const zeros = new Uint8Array(32)

/** The chain as far as it was followed: every block that was added fits the one before it. */
export class Chain {
  readonly blocks: Block[] = []
  verdict: Verdict = { state: 'interrupted', anchored: false, segments: 0, chunks: 0, bytes: 0, head: '' }

  /** False, and nothing changed, when the block is not the next one of the chain. */
  add(block: Block): boolean {
    const last = this.blocks.at(-1)
    const so = this.verdict
    if (so.state === 'intact' || !Buffer.from(block.previous).equals(last?.hash ?? zeros) || !inOrder(block, so)) return false
    this.blocks.push(block)
    const here = { ...so, bytes: block.to, head: block.hash.toString('hex') }
    if (block.what === 'header') this.verdict = { ...here, segments: so.segments + 1, facts: so.facts ?? block.header.facts }
    else this.verdict = { ...here, chunks: so.chunks + 1, state: block.chunk.final ? 'intact' : 'interrupted' }
    return true
  }
}

/**
 * Checks a recording without any key (docs/formats.md, Checking without a key): that its blocks are one chain, and that the
 * chain is the one that manifest and head entries vouch for. Names the first place that is not.
 */
export async function checkChain(source: ByteSource, expected: Expected = {}): Promise<Verdict> {
  const list = await scan(source)
  const first = list[0]
  const chain = new Chain()
  const altered = (finding: Finding): Verdict => ({ ...chain.verdict, state: 'altered', finding })
  if (first?.what !== 'header')
    return altered({ code: begins(list, source) ? 'recording.header_altered' : 'recording.not_a_recording', from: 0, to: first?.to ?? 0 })

  for (const [place, block] of list.entries()) {
    if (block.what !== 'gap' && chain.add(block)) continue
    const { verdict } = chain
    if (verdict.state === 'intact') return altered({ code: 'recording.bytes_after_end', from: block.from, to: source.size })
    if (block.what === 'gap' && block.torn) {
      chain.verdict = { ...verdict, tail: { from: block.from, to: block.to } }
      break
    }
    return altered(await nameBreak({ source, list, place, verdict, vouched: vouchedHashes(expected) }))
  }
  return checkExpected(chain.verdict, chain.blocks, expected)
}

/** Something unreadable, and then a block of ours: a recording whose first header was altered. */
const begins = (list: readonly (Block | Gap)[], source: ByteSource): boolean => list[0]?.what === 'gap' && list[0].to < source.size

function vouchedHashes({ manifest, heads = [] }: Expected): Set<string> {
  return new Set([...heads.map(({ head }) => head), ...(manifest ? [manifest.head] : [])])
}
