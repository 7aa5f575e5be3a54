import { IconCircleCheck } from '@tabler/icons-react'
import { links } from '../paths.ts'
import { Door } from '../sign-in/door.tsx'
import { Empty } from '../ui/empty.tsx'
import { LinkButton } from '../ui/link-button.tsx'

export const Enrolled = ({ name }: { name: string }) => (
  <Door title="Done">
    <Empty
      icon={<IconCircleCheck size={34} stroke={1.5} />}
      title="Password and authenticator are set"
      action={
        <LinkButton {...links.signIn()} fullWidth>
          Sign in
        </LinkButton>
      }
    >
      Sign in as <strong>{name}</strong> with the next code that your authenticator shows: each code is accepted once.
    </Empty>
  </Door>
)
