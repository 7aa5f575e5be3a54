import { activations as api } from '@claviger/api'
import { CliError } from '../../kit/exit.ts'
import { readGivenWhole } from '../../kit/questions.ts'
import type { DoorOfActivation } from '../../kits/share-for-activation.ts'

/** What the console saved of one activation: what the keeper asks, signed, and each custodian's encrypted share. */
export function readQuestion(file: string): DoorOfActivation {
  const read = api.activationQuestion.safeParse(parsed(readGivenWhole(file, '--question')))
  if (!read.success)
    throw new CliError('usage', `--question: ${file} is not what the console saves. Take it there anew: Break-glass, Give a share…`)
  return read.data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
