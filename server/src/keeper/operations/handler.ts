import type { z } from 'zod'
import type { Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { KeeperContext } from '../context.ts'
import type { AnswerOf, KeeperRefusal, LifeOperation, Operation, operations, Role } from '../contract.ts'
import type { Entitle } from '../decide/entitlement.ts'
import type { createPolicies } from '../decide/policies.ts'
import type { KeeperLife } from '../life.ts'

export interface CallOf<O extends Operation> {
  context: KeeperContext
  entitle: Entitle
  policies: ReturnType<typeof createPolicies>
  role: Role
  args: z.output<(typeof operations)[O]['args']>
  payload: Secret
}

export interface LifeCall<O extends LifeOperation> {
  life: KeeperLife
  role: Role
  args: z.output<(typeof operations)[O]['args']>
  payload: Secret
  /** SHA-256, hex, of the token that lies beside the data for its owner. */
  hostToken: string | undefined
  /** Tells the gateways that the seal closes; resolves when their sessions are ended. */
  closeDoors: () => Promise<void>
  /** This gateway's sessions are ended. */
  doorClosed: () => void
}
export type LifeHandler<O extends LifeOperation> = (call: LifeCall<O>) => Promise<Result<AnswerOf<O> & { payload?: Secret }, KeeperRefusal>>

/** One operation of the keeper. The role was checked and the arguments were parsed. What it answers as payload is wiped after it was sent. */
export type Handler<O extends Operation> = (call: CallOf<O>) => Promise<Result<AnswerOf<O> & { payload?: Secret }, KeeperRefusal>>
