/*
 * Terminology
 *
 * - host key: what a server proves itself with; pinned beforehand by an administrator
 * - impostor: a server that did not prove the pinned host key. It hears nothing from us after that, not even a name
 * - proof: the one credential with which we log in
 */
import ssh2 from 'ssh2'
import type { ProofKind } from '../../kernel/credential-kinds.ts'
import { ok } from '../../kernel/result.ts'
import { blobType, fingerprint } from '../../protocols/ssh-keys/index.ts'
import { isLost } from '../dialer/index.ts'
import { offered } from './algorithms.ts'
import { OneProof, type SshProof } from './authenticate.ts'
import { certifiedKey, offerCertificates } from './certified-key.ts'
import { connection, type SshConnection } from './connection.ts'
import { dialWithin, type SshAddress, type SshDial } from './dial.ts'
import { explain } from './explain-error.ts'
import { impostor, loginRefused, type Outcome, protocol, timedOut, unreachable } from './failures.ts'
import { everyOffer, offerFor, type PinnedHostKey } from './host-key.ts'

export interface SshLogin {
  user: string
  /** `bytes` is a password in UTF-8 or a private key in PEM without passphrase. The caller owns and wipes it. */
  /** With `certificate`, its line, the key is offered as what that certifies, and not as itself. */
  proof: { kind: ProofKind; bytes: Uint8Array; certificate?: string | undefined }
}

/**
 * Milliseconds for the TCP connection, from the first call until we are logged in (a PAM refusal alone takes about five seconds), and after which
 * a server that does not answer whether it is there is gone.
 */
export interface SshLimits {
  connectMs: number
  loginMs: number
  silenceMs: number
}
export const sshLimits: SshLimits = { connectMs: 10_000, loginMs: 15_000, silenceMs: 60_000 }

/** How often a silent server is asked whether it is there. */
const questions = 3

/**
 * Connects, checks the pinned host key and logs in. `ssh.impostor` means that nothing was sent after the key was seen.
 * The proof is offered once and in one way; there is no fallback, no agent, no second key.
 */
export async function connectSsh(
  dial: SshDial,
  to: SshAddress & { hostKey: PinnedHostKey },
  login: SshLogin,
  limits = sshLimits,
): Promise<Outcome<SshConnection>> {
  const started = performance.now()
  const offer = offerFor(to.hostKey.algorithm)
  if (!offer) return protocol(`unknown host key algorithm ${to.hostKey.algorithm}`)
  const proof = readProof(login.proof)
  if (!proof.ok) return proof
  const socket = await dialWithin(dial, to, limits.connectMs)
  if (!socket.ok) return socket

  return new Promise((resolve) => {
    const client = new ssh2.Client()
    const one = new OneProof(login.user, proof.value)
    const seen = { presented: '', proven: false, lost: false }
    const closed = new Promise<void>((gone) => client.once('close', () => gone()))
    const timer = setTimeout(() => stop(timedOut('the target did not let us in in time')), limits.loginMs - (performance.now() - started))
    const stop = (why: Extract<Outcome<never>, { ok: false }>) => {
      clearTimeout(timer)
      resolve(why)
      // destroyed rather than ended: an end would still send a farewell
      socket.value.destroy()
    }
    one.onRefusal = () => stop(one.refusal ?? loginRefused('refused'))

    client.on('handshake', () => {
      seen.proven = true
    })
    client.on('ready', () => {
      // a server that lets anybody in has not shown that the credential works
      if (!one.offered) return stop(protocol('the target let us in without a credential'))
      clearTimeout(timer)
      resolve(ok(connection(client, closed, () => seen.lost)))
    })
    client.on('change password', () => stop(loginRefused('the password has expired')))
    // stays after the login: without a listener a broken connection would end the process
    client.on('error', (error) => {
      seen.lost ||= error.level === 'client-timeout' || isLost(error)
      stop(one.refusal ?? explain(error, to.hostKey, seen, one.offered))
    })
    // a connection that merely breaks says nothing about the credential, even right after it was sent
    client.on('close', () => stop(one.refusal ?? unreachable('the target closed the connection')))

    client.connect({
      ...{ sock: socket.value, username: login.user, ident: 'Claviger', readyTimeout: 0 },
      ...{ keepaliveInterval: limits.silenceMs / (questions + 1), keepaliveCountMax: questions },
      algorithms: { ...offered, serverHostKey: offer } as unknown as NonNullable<ssh2.ConnectConfig['algorithms']>,
      hostVerifier: (blob: Buffer): boolean => {
        seen.presented = fingerprint(blob)
        if (seen.presented === to.hostKey.fingerprint && blobType(blob) === to.hostKey.algorithm) return true
        stop(impostor(to.hostKey.fingerprint, seen.presented))
        return false
      },
      authHandler: ((methods: string[] | null, partial: boolean | null) =>
        one.next(methods, partial)) as unknown as ssh2.AuthHandlerMiddleware,
    })
    offerCertificates(client)
  })
}

/**
 * Asks a server for its host key, and lets it prove that it holds it, without saying who we are: the connection ends
 * before any authentication begins. Prefers Ed25519, then ECDSA, then RSA.
 */
export async function identifyHost(
  dial: SshDial,
  to: SshAddress,
  limits = sshLimits,
): Promise<Outcome<{ algorithm: string; blob: Uint8Array; fingerprint: string }>> {
  const socket = await dialWithin(dial, to, limits.connectMs)
  if (!socket.ok) return socket
  return new Promise((resolve) => {
    const client = new ssh2.Client()
    let blob: Buffer | undefined
    const timer = setTimeout(() => stop(timedOut('the target did not show its host key in time')), limits.loginMs)
    const stop = (outcome: Outcome<{ algorithm: string; blob: Uint8Array; fingerprint: string }>) => {
      clearTimeout(timer)
      resolve(outcome)
      socket.value.destroy()
    }
    // the handshake is complete when the signature over it was verified; ssh2 would ask for authentication next
    client.on('handshake', () =>
      stop(
        blob
          ? ok({ algorithm: blobType(blob) ?? '', blob: Uint8Array.from(blob), fingerprint: fingerprint(blob) })
          : protocol('no host key was shown'),
      ),
    )
    client.on('error', (error) => stop(protocol(error.message)))
    client.on('close', () => stop(unreachable('the target closed the connection')))
    client.connect({
      ...{ sock: socket.value, username: '-', ident: 'Claviger', readyTimeout: 0, authHandler: [] },
      algorithms: { ...offered, serverHostKey: everyOffer } as unknown as NonNullable<ssh2.ConnectConfig['algorithms']>,
      hostVerifier: (presented: Buffer): boolean => {
        blob = Buffer.from(presented)
        return true
      },
    })
  })
}

function readProof(proof: SshLogin['proof']): Outcome<SshProof> {
  if (proof.kind === 'password') return ok({ kind: 'password', bytes: proof.bytes })
  if (proof.kind !== 'ssh-key') return protocol('SSH knows passwords and keys, and this is a certificate for TLS')
  const parsed = [ssh2.utils.parseKey(Buffer.from(proof.bytes.buffer, proof.bytes.byteOffset, proof.bytes.byteLength))].flat()[0]
  // the parser's message is not passed on: it may quote what it stumbled over
  if (!parsed || parsed instanceof Error || !parsed.isPrivateKey()) return protocol('the private key cannot be read')
  if (proof.certificate === undefined) return ok({ kind: 'ssh-key', key: parsed })
  const certified = certifiedKey(parsed, proof.certificate)
  return certified ? ok({ kind: 'ssh-key', key: certified }) : protocol('the certificate cannot be read')
}
