import { expect, test } from 'vitest'
import { decodeRequest } from './requests.ts'

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
/** SSH_FXP_FSETSTAT with these bits, and the attributes that follow them. */
const fsetstat = (bits: number, ...attributes: number[]) =>
  decodeRequest(Buffer.concat([Buffer.from([10]), uint32(1), uint32(1), Buffer.from('H'), ...[bits, ...attributes].map(uint32)]))

test.each([
  ['nothing', [0], undefined, 'nothing'],
  ['a size', [1, 0, 7], 7, 'nothing'],
  ['times', [8, 1, 2], undefined, 'mode and times'],
  ['a size, a mode and times', [1 | 4 | 8, 0, 7, 0o644, 1, 2], 7, 'mode and times'],
  ['the mode of a file', [4, 0o100755], undefined, 'mode and times'],
  ['set-user-ID', [4, 0o4755], undefined, 'more'],
  ['set-group-ID, as of a file', [4, 0o102755], undefined, 'more'],
  ['sticky', [4, 0o1777], undefined, 'more'],
  ['owners', [2, 0, 0], undefined, 'more'],
  ['owners behind a size', [1 | 2, 0, 7, 0, 0], 7, 'more'],
  ['what we do not know', [0x8000_0000, 0], undefined, 'more'],
] as const)('%s', (_what, [bits, ...attributes], size, besides) => {
  expect(fsetstat(bits, ...attributes)).toMatchObject({ kind: 'fsetstat', size, besides })
})

test('what ends before its attributes do is none', () => {
  expect(fsetstat(1, 0)).toBeUndefined()
  expect(fsetstat(4)).toBeUndefined()
})
