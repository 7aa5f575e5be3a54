import type { PublicKeyAuthContext } from 'ssh2'
import type { Recognised, Refusal } from '../contract.ts'
import { cannotAsk, type SignIn } from './sign-in.ts'
import { certificateIsAcceptable, certificatePossession, isCertificate, keyIsAcceptable, keySigned } from './signatures.ts'

const wrongKind: Refusal = {
  code: 'ssh.key_kind',
  say: 'Keys of this kind are not accepted here. Use an Ed25519, ECDSA or RSA key, or the certificate of claviger login.',
}
const badSignature: Refusal = { code: 'ssh.bad_signature', say: 'The signature does not fit the key.' }

const notHere = (signIn: SignIn): Refusal => ({ code: 'ssh.method', say: `This is not how to come in here. ${signIn.how}` })

/** What was recognised on this connection, so that the question "would you take this key?" and its use ask once. */
export type KnownKeys = Map<string, Recognised>

/**
 * The first factor: a key of the person, by its signature. It never suffices alone. The question without a signature is
 * answered by whether the key is known; a certificate issued after the second factor admits at once.
 */
export async function proveKey(signIn: SignIn, ctx: PublicKeyAuthContext, known: KnownKeys): Promise<void> {
  // one key is enough, and a second one would only be a way to try more
  const next = signIn.next()
  if (isCertificate(ctx.key.algo)) return next.has('certificate') ? proveCertificate(signIn, ctx) : signIn.refuse(ctx, notHere(signIn))
  if (!next.has('key')) return signIn.refuse(ctx, signIn.proven ? undefined : notHere(signIn))
  if (!keyIsAcceptable(ctx)) return signIn.refuse(ctx, wrongKind)

  const { host, attempt } = signIn
  const name = ctx.key.data.toString('base64')
  const cached = known.get(name)
  const asked = cached ? undefined : await host.recogniseKey(attempt, ctx.key.algo, ctx.key.data).catch(() => cannotAsk)
  if (asked && !asked.ok) return signIn.refuse(ctx, asked.error)
  const recognised = cached ?? asked?.value
  if (!recognised) return signIn.refuse(ctx)
  known.set(name, recognised)

  if (!ctx.signature) return ctx.accept()
  if (!keySigned(ctx)) {
    host.refused(attempt, 'a signature that does not fit the key')
    return signIn.refuse(ctx, badSignature)
  }
  return signIn.shown('key', recognised) ? signIn.goOn(ctx) : signIn.refuse(ctx)
}

async function proveCertificate(signIn: SignIn, ctx: PublicKeyAuthContext): Promise<void> {
  const { host, attempt } = signIn
  if (!certificateIsAcceptable(ctx)) return signIn.refuse(ctx, wrongKind)
  if (!ctx.signature) return ctx.accept()
  const proof = certificatePossession(ctx)
  if (!proof) {
    host.refused(attempt, 'a signature that does not fit the certificate')
    return signIn.refuse(ctx, badSignature)
  }
  const admitted = await host.recogniseCertificate(attempt, ctx.key.data, proof.signed, proof.signature).catch(() => cannotAsk)
  if (!admitted.ok) return signIn.refuse(ctx, admitted.error)
  signIn.admitted = admitted.value
  ctx.accept()
}
