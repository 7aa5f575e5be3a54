import type { CommandFile } from '../../kit/command.ts'
import { breakglassActivate, breakglassDrill } from './activate.ts'
import { breakglassActivations } from './activations.ts'
import { breakglassAdopt } from './adopt.ts'
import { breakglassShare } from './give-share.ts'
import { breakglassInit } from './init.ts'
import { breakglassKit } from './kit.ts'
import { breakglassMark, breakglassUnmark } from './mark.ts'
import { breakglassApprove, breakglassEnd, breakglassReview } from './move-activation.ts'
import { breakglassOpen } from './open.ts'
import { breakglassRecording } from './recording.ts'
import { breakglassConfirm, breakglassDrop } from './settle.ts'
import { breakglassStatus } from './status.ts'

/** `claviger breakglass` shows; its subcommands act. */
export const breakglass: CommandFile = (cli, act) => {
  const group = breakglassStatus(cli, act)
  for (const command of [
    breakglassInit,
    breakglassConfirm,
    breakglassDrop,
    breakglassMark,
    breakglassUnmark,
    breakglassKit,
    breakglassOpen,
    breakglassAdopt,
    breakglassRecording,
    breakglassActivate,
    breakglassApprove,
    breakglassShare,
    breakglassEnd,
    breakglassReview,
    breakglassDrill,
    breakglassActivations,
  ])
    command(group, act)
  return group
}
