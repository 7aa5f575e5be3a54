import type { signInLinks as api } from '@claviger/api'
import { StateChip } from '../ui/chip.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'

/** Who asks, as the gateway saw it: what somebody compares with the terminal before them. */
export const LinkFacts = ({ link }: { link: api.SignInLink }) => (
  <Facts>
    <Fact name="To">
      <code>{link.account}</code> on <code>{link.target}</code>
    </Fact>
    <Fact name="From">
      <code>{link.address}</code>{' '}
      <StateChip
        word={link.here ? 'The address of this browser' : 'Another address than this browser’s'}
        tone={link.here ? 'good' : 'wait'}
      />
    </Fact>
    <Fact name="With">
      <code>{link.client}</code>
    </Fact>
    <Fact name="Showed before">
      {link.shown === null ? 'Nothing. Whoever knows your name can ask for this.' : `Your ${link.shown === 'key' ? 'SSH key' : 'password'}`}
    </Fact>
    <Fact name="Asked">
      <When at={link.askedAt} />
    </Fact>
  </Facts>
)
