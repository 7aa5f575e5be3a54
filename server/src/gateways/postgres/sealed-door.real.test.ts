import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { standInCertificate } from '../../processes/stand-in-certificate.ts'
import { temporaryFolder } from '../ssh/test/folder.ts'
import { openSealedPostgresDoor } from './sealed-door.ts'
import { certificateFor } from './test/open-door.ts'
import { run } from './test/psql.ts'

const said = { sentence: 'Claviger is sealed: nothing opens.', hint: 'They type: claviger unseal.' }
const folder = temporaryFolder()
const listen = { host: '127.0.0.1', port: 0 }
let known: Awaited<ReturnType<typeof openSealedPostgresDoor>>
let standIn: Awaited<ReturnType<typeof openSealedPostgresDoor>>
beforeAll(async () => {
  const { ca, ...certificate } = certificateFor('localhost')
  writeFileSync(join(folder.path, 'ca.pem'), ca)
  known = await openSealedPostgresDoor(listen, certificate, said)
  standIn = await openSealedPostgresDoor(listen, standInCertificate(), said)
})
afterAll(async () => {
  await known?.close()
  await standIn?.close()
  folder[Symbol.dispose]()
})

const psql = (port: number, sslmode: string, sslrootcert = 'nowhere') =>
  run('psql', ['-X', '-v', 'VERBOSITY=verbose', '-c', 'select 1'], {
    ...{ PGHOST: 'localhost', PGPORT: `${port}`, PGUSER: 'alice@app_admin@orders-db', PGPASSWORD: 'a ticket', PGDATABASE: 'orders' },
    ...{ PGSSLMODE: sslmode, PGSSLROOTCERT: join(folder.path, sslrootcert), PGCONNECT_TIMEOUT: '20' },
  })

describe('a PostgreSQL door whose seal is closed', () => {
  test.each(['prefer', 'require', 'verify-full'])(
    'says so to psql that asks for %s, with the certificate of when it was open',
    async (mode) => {
      const { code, err } = await psql(known.port, mode, mode === 'verify-full' ? 'ca.pem' : undefined)
      expect(code).toBe(2)
      expect(err).toContain('FATAL:  Claviger is sealed: nothing opens.')
      expect(err).toContain('They type: claviger unseal.')
    },
  )

  test('says so after a start, too, to whoever checks no certificate; who checks hears nothing from a stranger', async () => {
    expect((await psql(standIn.port, 'require')).err).toContain('Claviger is sealed: nothing opens.')
    const checked = await psql(standIn.port, 'verify-full', 'ca.pem')
    expect(checked.err).toContain('certificate verify failed')
    expect(checked.err).not.toContain('sealed')
  })

  test('says 57P03, which drivers and pools know as "try again later"', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: standIn.port, user: 'alice', ssl: { rejectUnauthorized: false } })
    await expect(client.connect()).rejects.toMatchObject({ code: '57P03', hint: said.hint })
  })

  test('asks nothing without TLS, answers no cancel, and drops what is no PostgreSQL', async () => {
    expect((await psql(standIn.port, 'disable')).err).toContain('takes connections with TLS only')
    const answers = await Promise.all(
      ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x10\x04\xd2\x16\x2e12345678', ''].map(async (first) => {
        const socket = connect(standIn.port, '127.0.0.1')
        const heard: Buffer[] = []
        socket.on('data', (bytes) => heard.push(bytes)).on('error', () => undefined)
        socket.end(Buffer.from(first, 'latin1'))
        await new Promise((resolve) => socket.once('close', resolve))
        return Buffer.concat(heard).toString('latin1')
      }),
    )
    expect(answers[0]).toContain('no startup message of PostgreSQL')
    expect(answers.slice(1)).toEqual(['', ''])
  })

  test('is gone at once when it closes, with whoever stands there', async () => {
    const door = await openSealedPostgresDoor(listen, standInCertificate(), said)
    const socket = connect(door.port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const gone = new Promise((resolve) => socket.once('close', resolve))
    await door.close()
    await gone
    expect((await psql(door.port, 'require')).err).toContain('refused')
  })
})
