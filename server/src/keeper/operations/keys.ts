import { ok } from '../../kernel/result.ts'
import type { Handler } from './handler.ts'

export const keyProgress: Handler<'keyProgress'> = async ({ context }) =>
  ok({ busy: context.rewrap.busy(), keys: await context.rewrap.progress() })
