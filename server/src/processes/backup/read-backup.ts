import { createReadStream } from 'node:fs'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { BadArchive, readArchive } from '../../platform/archive/read-archive.ts'
import { type ArchiveFile, pieceBytes, pieceName } from '../../platform/archive/write-archive.ts'
import { decryptStream, NotWhole } from '../../platform/crypto/age-stream.ts'
import { sha256, sha256OfParts } from '../../platform/crypto/hash.ts'
import {
  type BackupHead,
  type BackupManifest,
  type BackupMember,
  checkSignature,
  headFile,
  manifestFile,
  readHead,
  readManifest,
  signatureFile,
} from './manifest.ts'

/** Where what is read goes. Nothing of it may count before `readBackup` has answered. */
export interface BackupSink {
  /** Refuses, in a sentence, what does not fit here. */
  begin(head: BackupHead): Promise<Result<void, string>>
  /** One member, from its first byte to its last; all of it must be taken. */
  member(name: string, content: AsyncIterable<Uint8Array>): Promise<Result<void, string>>
}

export interface ReadBackup {
  head: BackupHead
  manifest: BackupManifest
  /** The 32 bytes of the key that signed it. */
  publicKey: Buffer
}

/** So long may the two be that are no pieces: a manifest names every recording. */
const longestManifest = 256 << 20
const longestOf = (name: string): number => (name === manifestFile ? longestManifest : name === headFile ? 8 << 20 : pieceBytes)

const changed = 'It is not what was written: somebody changed it, or the disk did. Take another copy, or another backup.'

/**
 * Reads a backup from its first byte to its last. Only when this answers is it whole, of the key that it names, and nothing of it was changed;
 * each refusal is a sentence for the person who gave it.
 */
export async function readBackup(file: string, identities: readonly string[], sink: BackupSink): Promise<Result<ReadBackup, string>> {
  const opened = await decryptStream(identities, createReadStream(file, { highWaterMark: pieceBytes }))
  if (!opened.ok)
    return fail(
      opened.error === 'not for us'
        ? `${file} is encrypted to other recipients: this identity does not open it. Take the key file of one of those that it was made for.`
        : `${file} is no age file: it is no backup, or its beginning was changed.`,
    )
  try {
    return await readMembers(new Files(readArchive(opened.value, longestOf)), sink)
  } catch (error) {
    if (error instanceof BadArchive || error instanceof NotWhole) return fail(`${file} is not whole. ${error.message} ${changed}`)
    throw error
  }
}

async function readMembers(files: Files, sink: BackupSink): Promise<Result<ReadBackup, string>> {
  const first = await files.next()
  const head = first?.name === headFile ? readHead(first.bytes) : undefined
  if (!first || !head) return fail('It holds no backup of a form that this release knows.')
  const begun = await sink.begin(head)
  if (!begun.ok) return begun
  const seen: BackupMember[] = [
    { name: headFile, pieces: 1, bytes: first.bytes.length, sha256: sha256(first.bytes).toString('hex'), rows: null },
  ]
  for (let file = await files.peek(); file && file.name !== manifestFile; file = await files.peek()) {
    const name = file.name.slice(0, file.name.lastIndexOf('/'))
    const count = { pieces: 0, bytes: 0 }
    const digest = sha256OfParts()
    const taken = await sink.member(name, files.piecesOf(name, count, digest))
    if (!taken.ok) return taken
    if (count.pieces === 0) return fail(`It holds ${file.name}, which does not belong there. ${changed}`)
    seen.push({ name, ...count, sha256: digest.hex(), rows: null })
  }
  const [manifestBytes, signature] = [(await files.next())?.bytes, await files.next()]
  const manifest = manifestBytes && readManifest(manifestBytes)
  if (!manifest || signature?.name !== signatureFile || (await files.next()))
    return fail(`It has no manifest at its end, or something behind it. ${changed}`)
  const signed = checkSignature(head, manifestBytes, signature.bytes)
  if (!signed.ok) return signed
  const why = differenceOf(head, manifest, seen)
  return why === undefined ? ok({ head, manifest, publicKey: signed.value.publicKey }) : fail(`${why} ${changed}`)
}

/** Whether what was read is what the signed manifest names, no more and no less. */
function differenceOf(head: BackupHead, manifest: BackupManifest, seen: readonly BackupMember[]): string | undefined {
  if (manifest.id !== head.id) return `Its manifest is that of another backup (${manifest.id}).`
  const said = manifest.members.filter((m) => m.pieces > 0)
  if (said.length !== seen.length) return `It holds ${seen.length} members, and its manifest names ${said.length}.`
  const wrong = said.find((m, i) => {
    const s = seen[i]
    return s?.name !== m.name || s.pieces !== m.pieces || s.bytes !== m.bytes || s.sha256 !== m.sha256
  })
  return wrong && `${wrong.name} is not what its manifest says.`
}

/** The archive's files with one look ahead. */
class Files {
  readonly #source: AsyncGenerator<ArchiveFile>
  #ahead: ArchiveFile | undefined

  constructor(source: AsyncGenerator<ArchiveFile>) {
    this.#source = source
  }

  async peek(): Promise<ArchiveFile | undefined> {
    this.#ahead ??= (await this.#source.next()).value as ArchiveFile | undefined
    return this.#ahead
  }

  async next(): Promise<ArchiveFile | undefined> {
    const file = await this.peek()
    this.#ahead = undefined
    return file
  }

  async *piecesOf(
    name: string,
    count: { pieces: number; bytes: number },
    digest: { update(bytes: Uint8Array): void },
  ): AsyncGenerator<Uint8Array> {
    for (let file = await this.peek(); file?.name === pieceName(name, count.pieces); file = await this.peek()) {
      count.pieces += 1
      count.bytes += file.bytes.length
      digest.update(file.bytes)
      this.#ahead = undefined
      yield file.bytes
    }
  }
}
