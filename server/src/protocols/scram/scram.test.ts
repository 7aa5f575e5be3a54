import { createHmac, pbkdf2Sync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newSalt, scramVerifier, startScram } from './index.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

// RFC 7677 section 3
const nonce = 'rOprNGfwEbeRWgbNEkqO'
const serverFirst = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'
const serverFinal = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='

describe('the exchange of RFC 7677 section 3', () => {
  test('is reproduced byte by byte', async () => {
    const exchange = startScram({ user: 'user', nonce })
    expect(exchange.clientFirst).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    expect(await exchange.answer(serverFirst, bytes('pencil'))).toEqual({
      ok: true,
      value: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    })
    expect(exchange.check(serverFinal)).toEqual({ ok: true, value: undefined })
  })

  test('escapes comma and equals sign in a name', () => {
    expect(startScram({ user: 'a,b=c', nonce }).clientFirst).toBe(`n,,n=a=2Cb=3Dc,r=${nonce}`)
  })

  test('uses a nonce of its own each time, without a comma', () => {
    const seen = new Set(Array.from({ length: 50 }, () => startScram().clientFirst))
    expect(seen.size).toBe(50)
    for (const first of seen) expect(first).toMatch(/^n,,n=,r=[^,]{24}$/)
  })
})

describe('a proof that is tied to the connection', () => {
  const sent = async (binding: Parameters<typeof startScram>[0]) => {
    const exchange = startScram({ user: 'user', nonce, ...binding })
    const answer = await exchange.answer(serverFirst, bytes('pencil'))
    if (!answer.ok) throw new Error(answer.error.code)
    const [, tied = '', proof] = /^c=([^,]+),.*,p=(.+)$/.exec(answer.value) ?? []
    return { first: exchange.clientFirst, tied: Buffer.from(tied, 'base64'), proof }
  }

  test('names the certificate that was shown, and another one makes another proof', async () => {
    const [one, other] = [Buffer.alloc(32, 0xff), Buffer.alloc(32, 0xfe)]
    const mine = await sent({ binding: one })
    expect(mine.first).toMatch(/^p=tls-server-end-point,,n=user,/)
    expect(mine.tied).toEqual(Buffer.concat([Buffer.from('p=tls-server-end-point,,'), one]))
    expect((await sent({ binding: other })).proof).not.toBe(mine.proof)
  })

  test('says that it could have been, where the server did not offer it: an offer that somebody took away is found out', async () => {
    const could = await sent({ binding: 'not-offered' })
    expect(could.first).toMatch(/^y,,n=user,/)
    expect(could.tied.toString()).toBe('y,,')
    expect((await sent({})).proof).not.toBe(could.proof)
  })
})

describe('a server that does not know the password', () => {
  const answered = async () => {
    const exchange = startScram({ user: 'user', nonce })
    await exchange.answer(serverFirst, bytes('pencil'))
    return exchange
  }

  test.each([
    ['a signature of another password', 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=', 'scram.malformed'],
    ['32 other bytes', `v=${Buffer.alloc(32, 7).toString('base64')}`, 'scram.wrong_signature'],
    [
      'a shorter signature',
      `v=${Buffer.from('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=', 'base64').subarray(0, 31).toString('base64')}`,
      'scram.wrong_signature',
    ],
    ['nothing', 'v=', 'scram.malformed'],
    ['an empty message', '', 'scram.malformed'],
    ['an error', 'e=other-error', 'scram.refused'],
  ])('is found out by %s', async (_what, final, code) => {
    expect((await answered()).check(final)).toMatchObject({ ok: false, error: { code } })
  })

  test('is found out when it skips the exchange', () => {
    expect(startScram({ user: 'user', nonce }).check(serverFinal)).toMatchObject({ ok: false, error: { code: 'scram.wrong_signature' } })
  })

  test('cannot have its signature checked twice', async () => {
    const exchange = await answered()
    exchange.check(serverFinal)
    expect(exchange.check(serverFinal)).toMatchObject({ ok: false })
  })

  test.each([
    ['a nonce that is not ours', 'r=another,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096', 'scram.foreign_nonce'],
    ['our nonce with nothing added', `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, 'scram.foreign_nonce'],
    ['few rounds, which would make guessing cheap', `r=${nonce}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1`, 'scram.iterations'],
    ['rounds without end', `r=${nonce}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=9999999999`, 'scram.iterations'],
    ['a salt that is no base64', `r=${nonce}x,s=!!!!,i=4096`, 'scram.malformed'],
    ['an extension that must be understood', `m=x,r=${nonce}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, 'scram.malformed'],
    ['an endless message', `r=${nonce}${'x'.repeat(5000)},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, 'scram.malformed'],
  ])('gets no proof for %s', async (_what, first, code) => {
    expect(await startScram({ nonce }).answer(first, bytes('pencil'))).toMatchObject({ ok: false, error: { code } })
  })

  test('gets no proof for anything that is not a first message, and no exception either', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
        expect(await startScram({ nonce }).answer(text, bytes('pencil'))).toMatchObject({ ok: false })
      }),
    )
  })
})

describe('a verifier', () => {
  test('has the form that PostgreSQL stores, and the keys of RFC 5802', async () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
    const made = await scramVerifier(bytes('pencil'), salt, 4096)
    const salted = pbkdf2Sync('pencil', salt, 4096, 32, 'sha256')
    const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
    expect(made).toEqual({
      ok: true,
      value: `SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:${serverKey}`,
    })
  })

  test.each(['', 'Passwort mit ß', 'tab\there', '\u00a0'])('is refused for %j, which would need SASLprep', async (password) => {
    expect(await scramVerifier(bytes(password), newSalt())).toEqual({ ok: false, error: { code: 'scram.password_not_ascii' } })
  })

  test('has a salt of its own each time', () => {
    expect(newSalt()).not.toEqual(newSalt())
  })
})
