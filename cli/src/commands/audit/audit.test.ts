import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { audit, identity } from '@claviger/api'
import { describe, expect, test } from 'vitest'
import { makeMachine } from '../../../test/captured-io.ts'
import { exportLines, makeSigner, sampleEntries } from '../../../test/sample-ledger.ts'
import { signingIn } from '../../../test/samples.ts'
import { routesOf, standIn } from '../../../test/stand-in.ts'

const signer = makeSigner()
const entries = sampleEntries(9)
const { lines, notes } = exportLines(entries, signer)
const file = (of: string[]) => `${of.join('\n')}\n`

/** A machine with an export and a checkpoint of nine entries in files. */
function withFiles(exported = file(lines), note = notes[9] ?? '') {
  const machine = makeMachine()
  const [ledger, checkpoint] = [join(machine.folder, 'ledger.jsonl'), join(machine.folder, 'outside.note')]
  writeFileSync(ledger, exported)
  writeFileSync(checkpoint, note)
  return Object.assign(machine, { verify: (...more: string[]) => machine.run(['audit', 'verify', ledger, ...more]), ledger, checkpoint })
}

describe('verifying a file', () => {
  test('exits 0 when it is verified and anchored', async () => {
    using machine = withFiles()
    const { code, out } = await machine.verify('--checkpoint', machine.checkpoint, '--key', signer.verifierKey)
    expect(code).toBe(0)
    expect(out).toContain('Verified and anchored: 9 entries')
  })
  test('exits 1 and says unanchored without an outside checkpoint', async () => {
    using machine = withFiles()
    expect(await machine.verify()).toMatchObject({ code: 1, out: expect.stringContaining('Unanchored') })
  })
  test('exits 1 and names what is wrong', async () => {
    using machine = withFiles(file(lines.filter((line) => !line.includes('ent_0000000005'))))
    const { code, out } = await machine.verify('--checkpoint', machine.checkpoint, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ version: 1, ok: false, findings: [{ code: 'entry.missing', places: [5, 5] }] })
  })
  test('that is not there exits 2', async () => {
    using machine = withFiles()
    expect(await machine.run(['audit', 'verify', `${machine.ledger}x`])).toMatchObject({ code: 2 })
    expect(await machine.verify('--checkpoint', `${machine.ledger}x`)).toMatchObject({ code: 2 })
  })
})

describe('with a server', () => {
  const routes = routesOf(identity, audit)

  async function serving(first: string) {
    const now = { exported: first }
    const checkpoint = () => ({ note: notes[9], verifierKey: signer.verifierKey, size: 9 })
    const server = await standIn(routes, { ...signingIn, checkpoint, exportLedger: () => now.exported })
    const machine = makeMachine({ CLAVIGER_SERVER: server.url })
    await machine.run(['login', '--name', 'dave', '--password-file', '-', '--code-file', '-'], { input: 'x\n123456\n' })
    const dispose = async () => {
      machine[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
    }
    return { now, machine, [Symbol.asyncDispose]: dispose }
  }

  test('the log is anchored in what this machine kept the last time', async () => {
    await using at = await serving(file(exportLines(entries.slice(0, 6), signer).lines))
    expect(await at.machine.run(['audit', 'verify'])).toMatchObject({ code: 1, out: expect.stringContaining('Unanchored') })
    at.now.exported = file(lines)
    expect(await at.machine.run(['audit', 'verify'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('entries 7 to 9 stand on the signature alone'),
    })
    at.now.exported = file(exportLines(entries.slice(0, 6), signer).lines)
    expect(await at.machine.run(['audit', 'verify'])).toMatchObject({ code: 1, out: expect.stringContaining('entries 7 to 9 are missing') })
    // what is wrong now is still wrong the next time
    expect(await at.machine.run(['audit', 'verify'])).toMatchObject({ code: 1, out: expect.stringContaining('entries 7 to 9 are missing') })
  })

  test('export and checkpoint are written for their owner alone, byte for byte', async () => {
    await using at = await serving(file(lines))
    const [ledger, note] = [join(at.machine.folder, 'l.jsonl'), join(at.machine.folder, 'c.note')]
    const exported = await at.machine.run(['audit', 'export', '--out', ledger, '--json'])
    expect(JSON.parse(exported.out)).toMatchObject({ version: 1, size: 9, bytes: Buffer.byteLength(file(lines)) })
    await at.machine.run(['audit', 'checkpoint', '--out', note])
    expect([readFileSync(ledger, 'utf8'), readFileSync(note, 'utf8')]).toEqual([file(lines), notes[9]])
    expect([ledger, note].map((f) => statSync(f).mode & 0o777)).toEqual([0o600, 0o600])
    expect(await at.machine.run(['audit', 'verify', ledger, '--checkpoint', note])).toMatchObject({ code: 0 })
  })
})
