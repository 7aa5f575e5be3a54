import { expect, test } from 'vitest'
import { fail, ok } from '../../../kernel/result.ts'
import { type Answer, openFlags, type Request, type SetAttributes } from '../../../protocols/sftp/index.ts'
import type { FileAsked, FilePasses } from '../../contract.ts'
import { RequestJudge } from './judge-requests.ts'

type Asked = Exclude<Request, { kind: 'init' }>

/** A file that is open to be written to. Somebody else said yes to it (`asked`), good for fewer than `until` bytes. */
async function writing({ asked, until = null }: { asked: boolean; until?: number | null }) {
  const heard: FileAsked[] = []
  let says = (_: FileAsked): FilePasses | undefined => ({ until, ...(asked && { asked: true as const }) })
  const judge = new RequestJudge(
    async (one) => {
      heard.push(one)
      const passes = says(one)
      return passes ? ok(passes) : fail({ code: 'session.act_refused', say: 'It was not done.' })
    },
    () => undefined,
  )
  /** What becomes of a request, when policy has answered. */
  const send = async (request: Asked) => {
    for (;;) {
      const verdict = judge.before(request)
      if (verdict !== 'wait') return verdict
      await judge.asking.person
    }
  }
  judge.greet()
  judge.answer({ kind: 'name', id: 0xffff_fffe, name: Buffer.from('/home') } as Answer)
  const path = Buffer.from('/srv/a')
  const handle = Buffer.from('H')
  const flags = openFlags.write | openFlags.create
  expect(await send({ kind: 'open', id: 1, path, flags })).toBe('pass')
  judge.answer({ kind: 'handle', id: 1, handle } as Answer)
  heard.length = 0
  return {
    heard,
    send,
    path,
    write: async (offset: number, bytes: number) => await send({ kind: 'write', id: 2, handle, offset, data: Buffer.alloc(bytes) }),
    set: async (what: Partial<SetAttributes>) =>
      await send({ kind: 'fsetstat', id: 3, handle, size: undefined, besides: 'nothing', ...what }),
    close: async () => await send({ kind: 'close', id: 4, handle }),
    no: () => {
      says = () => undefined
    },
  }
}
const attributes = { op: 'attributes', path: '/srv/a', bytes: 0 } as const

test('the size that is set while a file is open is part of writing to it, as far as the yes goes', async () => {
  const { heard, write, set } = await writing({ asked: true, until: 1001 })
  expect(await write(0, 1000)).toBe('pass')
  expect(await set({ size: 1000 })).toBe('pass')
  expect(await set({ size: 10 })).toBe('pass')
  expect(heard).toEqual([])
  // another size class is asked about
  expect(await set({ size: 1001 })).toBe('pass')
  expect(heard).toEqual([{ op: 'put', path: '/srv/a', bytes: 1001 }])
})

test('nothing is written beyond what was said yes to by way of the size', async () => {
  const { heard, set, write, no } = await writing({ asked: true, until: 1001 })
  no()
  expect(await set({ size: 5000 })).toMatchObject({ op: 'put', say: 'It was not done.' })
  expect(heard).toEqual([{ op: 'put', path: '/srv/a', bytes: 5000 }])
  expect(await write(0, 10)).toMatchObject({ op: 'put', say: 'It was not done.' })
})

test('mode and times of the one file are part of the yes, and policy may refuse them all the same', async () => {
  const { heard, set, no } = await writing({ asked: true })
  expect(await set({ besides: 'mode and times' })).toBe('pass')
  expect(heard).toEqual([{ ...attributes, allowedWithPut: true }])
  no()
  expect(await set({ size: 1, besides: 'mode and times' })).toMatchObject({ op: 'attributes', say: 'It was not done.' })
})

test('whom it belongs to, and that it runs as somebody else, is asked about by itself', async () => {
  const { heard, set } = await writing({ asked: true })
  expect(await set({ besides: 'more' })).toBe('pass')
  expect(await set({ size: 0, besides: 'more' })).toBe('pass')
  expect(heard).toEqual([attributes, attributes])
})

test('where nobody was asked about the file, attributes are asked about', async () => {
  const { heard, set } = await writing({ asked: false })
  expect(await set({ besides: 'mode and times' })).toBe('pass')
  expect(heard).toEqual([attributes])
})

test('a yes ends with the file that is closed, and is for no other name', async () => {
  const { heard, send, path, close, write } = await writing({ asked: true })
  expect(await close()).toBe('pass')
  const mode = { size: undefined, besides: 'mode and times' } as const
  expect(await send({ kind: 'setstat', id: 5, path, ...mode })).toBe('pass')
  expect(await send({ kind: 'setstat', id: 6, path, size: 3, besides: 'nothing' })).toBe('pass')
  expect(await send({ kind: 'open', id: 7, path, flags: openFlags.write })).toBe('pass')
  expect(await write(0, 1)).toBe('pass')
  expect(await send({ kind: 'open', id: 8, path: Buffer.from('/srv/b'), flags: openFlags.write })).toBe('pass')
  expect(heard).toEqual([
    attributes,
    attributes,
    { op: 'put', path: '/srv/a', bytes: 3 },
    { op: 'put', path: '/srv/a', bytes: 0 },
    { op: 'put', path: '/srv/b', bytes: 0 },
  ])
})
