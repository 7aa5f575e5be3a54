import { expect, test } from 'vitest'
import { writeTogether } from './write-together.ts'

test('lines of one turn are written together, in their order, and each is told when they are on the disk', async () => {
  const written: string[] = []
  const write = writeTogether((text) => void written.push(text))
  await Promise.all(['a', 'b', 'c'].map((line) => write(line)))
  await write('d')
  expect(written).toEqual(['abc', 'd'])
})

test('each of them is told when the disk is full', async () => {
  const write = writeTogether(() => {
    throw new Error('ENOSPC')
  })
  const answers = await Promise.allSettled([write('a'), write('b')])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
