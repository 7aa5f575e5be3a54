import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props extends ButtonProps {
  /** Why it cannot be pressed; undefined when it can. Show the same sentence beside it: a tooltip alone is not seen on a phone. */
  blocked: string | undefined
  /** The id of the element that shows that sentence. */
  whyId: string
  onClick: () => void
  children: ReactNode
}

/** A button that stays reachable by keyboard while it is disabled, and says why. */
export const BlockedButton = ({ blocked, whyId, onClick, children, ...rest }: Props) => (
  <Tooltip label={blocked} disabled={!blocked}>
    <Button
      {...rest}
      {...(blocked && { 'data-disabled': true, 'aria-disabled': true, 'aria-describedby': whyId })}
      onClick={() => {
        if (!blocked) onClick()
      }}
    >
      {children}
    </Button>
  </Tooltip>
)
