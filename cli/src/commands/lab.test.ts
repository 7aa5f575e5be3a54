import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeMachine } from '../../test/captured-io.ts'
import { writePrivate } from '../kit/files.ts'

function labMachine() {
  const machine = makeMachine()
  const alice = { password: 'correct horse battery', totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', sshKeyFile: '/lab/alice' }
  writePrivate(join(machine.folder, 'data/lab/people.json'), JSON.stringify({ people: { alice } }))
  return machine
}

describe('the lab', () => {
  test('hands out a code, and another one the next time', async () => {
    using machine = labMachine()
    const first = await machine.run(['lab', 'code', 'alice'])
    const second = await machine.run(['lab', 'code', 'alice', '--json'])
    expect(first).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^\d{6}\n$/) })
    expect(JSON.parse(second.out)).toMatchObject({ version: 1, name: 'alice', code: expect.stringMatching(/^\d{6}$/) })
    expect(JSON.parse(second.out).code).not.toBe(first.out.trim())
  })
  test('knows passwords', async () => {
    using machine = labMachine()
    expect(await machine.run(['lab', 'password', 'alice'])).toEqual({ code: 0, out: 'correct horse battery\n', err: '' })
  })
  test('names its people when asked for somebody else', async () => {
    using machine = labMachine()
    expect(await machine.run(['lab', 'code', 'mallory'])).toMatchObject({ code: 2, err: expect.stringContaining('it knows alice') })
  })
  test('that is not there says how to start it', async () => {
    using machine = makeMachine()
    expect(await machine.run(['lab', 'code', 'alice'])).toMatchObject({ code: 1, err: expect.stringContaining('Next: npm start') })
  })
})
