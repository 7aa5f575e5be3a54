import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authorityNamed, type Door, openDoor } from '../gateways/postgres/test/open-door.ts'
import { psql } from '../gateways/postgres/test/psql.ts'
import type { Keeper } from '../keeper/client.ts'
import { keepCertificate } from './keep-certificate.ts'

/*
 * The door's certificate is waited out for real: it lives for some seconds here, and for a day otherwise. Another door keeps the first one,
 * to show that it did end.
 */

const lifeMs = 20_000
const authority = authorityNamed('doors of the house')
const issued: X509Certificate[] = []
const keeper = {
  async ask(_operation: string, { publicKey }: { publicKey: string }) {
    // the ones that follow last: what is looked at is not about to end as well
    const life = issued.length === 0 ? lifeMs : 3_600_000
    const certificate = authority.certify(Buffer.from(publicKey, 'base64'), life)
    issued.push(new X509Certificate(certificate))
    return { ok: true, value: { certificate, authority: authority.ca, validUntil: new Date(Date.now() + life).toISOString() } }
  },
} as unknown as Keeper

let door: Door
let forgetful: Door
let kept: Awaited<ReturnType<typeof keepCertificate>>
beforeAll(async () => {
  // first the slow part: the certificate's life has begun when it is made
  ;[door, forgetful] = await Promise.all([openDoor(), openDoor()])
  for (const { ca } of [door, forgetful]) writeFileSync(ca, authority.ca)
  kept = await keepCertificate(keeper, () => {})
  for (const { gateway } of [door, forgetful]) gateway.renew(kept.first)
  kept.onRenewed((next) => door.gateway.renew(next))
})
afterAll(async () => {
  kept?.stop()
  await Promise.all([door?.[Symbol.asyncDispose](), forgetful?.[Symbol.asyncDispose]()])
})

test('a certificate that ends is replaced before, under a running session; who comes later sees the new one', async () => {
  const inside = door.client({ ssl: { ca: authority.ca, rejectUnauthorized: true } })
  await inside.connect()
  const end = Date.parse(issued[0]?.validTo ?? '')
  while (Date.now() <= end + 1_000) await delay(250)

  expect((await inside.query('select 42 as x')).rows).toEqual([{ x: 42 }])
  expect(await psql(door, 'select 43;')).toMatchObject({ code: 0, out: '43\n' })
  expect((await psql(forgetful, 'select 44;')).err).toMatch(/certificate verify failed/)
  expect(issued.length).toBeGreaterThan(1)
  await inside.end()
})
