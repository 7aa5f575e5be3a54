import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadOutsideKinds, readOutsideKinds } from './outside-kinds.ts'
import { targetKinds } from './registry.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-outside-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const settings = `settings: z.strictObject({ host: z.string().min(1), port: z.int().min(1) })`
const good = `name: 'oracle', credentialKinds: ['password'], identify: async () => ok({ fingerprint: 'x' }), verify: async () => ok(undefined)`
const kind = (spec: string) => `export default ({ defineTargetKind, z, ok }) => defineTargetKind({ ${spec} })`
let count = 0
function file(text: string): string {
  const path = join(folder, `kind-${++count}.mjs`)
  writeFileSync(path, text)
  return path
}

test('a kind from outside is opened like one of ours', async () => {
  const loaded = await loadOutsideKinds([file(kind(`${good}, ${settings}`))], targetKinds)
  expect(loaded).toMatchObject({ ok: true, value: [{ name: 'oracle', capabilities: ['verify'] }] })
  const opened =
    loaded.ok &&
    loaded.value[0]?.open({ host: 'db', port: 1521 }, async () => ({ ok: false, error: { code: 'target.unreachable', detail: '' } }))
  expect(opened).toMatchObject({ ok: true, value: { kind: 'oracle', address: { host: 'db', port: 1521 } } })
})

test.each([
  ['that is not there', () => join(folder, 'nowhere.mjs'), /could not be loaded/],
  ['that throws', () => file(`throw new Error('not today')`), /could not be loaded: not today/],
  ['without a function', () => file('export default 1'), /no function as its default export/],
  ['that answers an object of its own', () => file(`export default () => ({ name: 'oracle' })`), /not made with the defineTargetKind/],
  ['with the name of one of ours', () => file(kind(`${good.replace('oracle', 'postgres')}, ${settings}`)), /postgres, which is taken/],
  ['with a wire', () => file(kind(`${good}, wire: 'ssh', ${settings}`)), /only kinds of the server itself/],
  [
    'with settings without bounds',
    () => file(kind(`${good}, settings: z.object({ host: z.string(), port: z.number() })`)),
    /settings that are not its own/,
  ],
  ['with settings without a port', () => file(kind(`${good}, settings: z.strictObject({ host: z.string() })`)), /no host and port/],
  ['with a name that is none', () => file(kind(`${good.replace('oracle', 'Ora cle')}, ${settings}`)), /name is not of small letters/],
  [
    'with a credential that nobody knows',
    () => file(kind(`${good.replace("['password']", "['blood']")}, ${settings}`)),
    /kind of credential/,
  ],
])('a package %s is refused with a sentence', async (_what, path, why) => {
  const refused = await loadOutsideKinds([path()], targetKinds)
  expect(refused).toMatchObject({ ok: false, error: expect.stringMatching(why) })
  expect(refused).toMatchObject({ error: expect.stringMatching(/^CLAVIGER_TARGET_KINDS: /) })
})

test('two packages cannot bring the same kind', async () => {
  const [one, other] = [file(kind(`${good}, ${settings}`)), file(kind(`${good}, ${settings}`))]
  expect(await loadOutsideKinds([one, other], targetKinds)).toMatchObject({ ok: false, error: expect.stringContaining('taken') })
})

test.each([
  ['', []],
  [' @acme/claviger-oracle , claviger-vms ', ['@acme/claviger-oracle', 'claviger-vms']],
  ['/opt/kinds/oracle.mjs', ['/opt/kinds/oracle.mjs']],
])('%j names packages', (text, names) => {
  expect(readOutsideKinds(text)).toEqual({ ok: true, value: names })
})

test.each(['./here.mjs', '../up', 'https://example.org/x.mjs', 'data:text/javascript,1', 'node:fs', 'a b', '@acme'])(
  '%j is none',
  (text) => {
    expect(readOutsideKinds(text)).toMatchObject({ ok: false })
  },
)
